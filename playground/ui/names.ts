/** Participants as people read them: `client 1`, `lp-2`, `broker`. */
import type { Participant } from "../../shared/contracts/ids.ts";

export function clientName(id: string): string {
  const ours = /^(?:lp|ws)-client-(\d+)$/.exec(id);
  if (ours !== null) return `client ${ours[1]}`;
  if (id.startsWith("tab-")) return "this tab";
  return id;
}

export function participantName(participant: Participant | string): string {
  const [role = "", name = ""] = splitOnce(participant);
  if (role === "client") return clientName(name);
  if (role === "balancer") return "balancer";
  if (role === "replica") return name;
  return role;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(":");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

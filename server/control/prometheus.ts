/** The figures in Prometheus' text format: one row of the table, one metric per pattern. */
import { Counter, Gauge, Registry } from "prom-client";
import { PATTERNS, SIDES } from "../../shared/contracts/ids.ts";
import type {
  FleetFigures,
  Metrics,
  PatternMetrics,
  ProcessCost,
} from "../../shared/contracts/metrics.ts";

interface Row {
  name: string;
  help: string;
  type: "counter" | "gauge";
  read(metrics: PatternMetrics): number;
}

const counter = (name: string, help: string, read: Row["read"]): Row => ({
  name: `playground_${name}_total`,
  help: `${help} Since reset.`,
  type: "counter",
  read,
});
const gauge = (name: string, help: string, read: Row["read"]): Row => ({
  name: `playground_${name}`,
  help,
  type: "gauge",
  read,
});

const rows: Row[] = [
  counter("requests", "HTTP requests seen by the balancer.", (m) => m.requests),
  counter("polls", "Polls answered.", (m) => m.polls),
  counter("idle_requests", "Polls answered with no message.", (m) => m.idleRequests),
  counter("idle_bytes", "Bytes of idle requests and their answers.", (m) => m.idleBytes),
  counter("messages", "Messages accepted.", (m) => m.messages),
  counter("deliveries", "Messages × clients that got them.", (m) => m.deliveries),
  counter("late", "Deliveries that came late.", (m) => m.late),
  counter("replayed", "Deliveries of messages older than the client.", (m) => m.replayed),
  counter("lost", "Messages that a client never got.", (m) => m.lost),
  counter("duplicates", "Messages that a client got again.", (m) => m.duplicates),
  counter("out_of_order", "Messages that came after a newer one.", (m) => m.outOfOrder),
  counter(
    "perturbed",
    "Hops held or paced by hand, or late, lost or doubled by a fault.",
    (m) => m.perturbed,
  ),
  counter("frames", "Packets and frames.", (m) => m.frames),
  counter("wire_bytes", "Bytes on the client link.", (m) => m.wireBytes),
  counter("payload_bytes", "Bytes of delivered text.", (m) => m.payloadBytes),
  gauge("held", "Parked polls and open sockets now.", (m) => m.held),
  gauge("clients", "Clients seen now.", (m) => m.clients),
];

const QUANTILES = { 0.5: "p50", 0.95: "p95", 0.99: "p99", 1: "max" } as const;

/** A registry of its own for each scrape: the wire counts, this only writes down. */
export async function prometheusText(metrics: Metrics): Promise<{ text: string; type: string }> {
  const registry = new Registry();
  const labelNames = ["pattern"];
  for (const { name, help, type, read } of rows) {
    const options = { name, help, labelNames, registers: [registry] };
    const metric = type === "counter" ? new Counter(options) : new Gauge(options);
    for (const side of SIDES) {
      const ofSide = metrics.patterns[side];
      if (ofSide) metric.inc({ pattern: side }, read(ofSide));
    }
  }
  const latency = new Gauge({
    name: "playground_delivery_latency_ms",
    help: "From the balancer's receipt of a POST to the forwarding of a delivery, ms. Since reset.",
    labelNames: ["pattern", "quantile"],
    registers: [registry],
  });
  for (const pattern of PATTERNS) {
    const { latencyMs } = metrics.patterns[pattern];
    for (const [quantile, key] of Object.entries(QUANTILES)) {
      latency.set({ pattern, quantile }, latencyMs[key]);
    }
  }
  addProcesses(registry, metrics);
  addCosts(registry, metrics);
  addFleet(registry, metrics);
  addLimits(registry, metrics.limits);
  return { text: await registry.metrics(), type: registry.contentType };
}

const processRows: { name: string; help: string; read(cost: ProcessCost): number | undefined }[] = [
  { name: "cpu_percent", help: "CPU now; 100 is one core.", read: (cost) => cost.cpuPercent },
  { name: "rss_bytes", help: "Memory.", read: (cost) => cost.rssBytes },
  { name: "loop_lag_ms", help: "Mean delay of the event loop.", read: (cost) => cost.loopLagMs },
];

/** What is not known of a process is left out. */
function addProcesses(registry: Registry, { processes }: Metrics): void {
  for (const { name, help, read } of processRows) {
    const metric = new Gauge({
      name: `playground_process_${name}`,
      help,
      labelNames: ["process", "kind"],
      registers: [registry],
    });
    for (const [process, cost] of Object.entries(processes)) {
      const value = read(cost);
      if (value !== undefined) metric.set({ process, kind: cost.kind }, value);
    }
  }
}

function addCosts(registry: Registry, { cpuMsPerThousand }: Metrics): void {
  const metric = new Gauge({
    name: "playground_cpu_ms_per_thousand_deliveries",
    help: "CPU-ms over the last minute: of a pattern's replicas, and of what serves both patterns.",
    labelNames: ["kind", "pattern"],
    registers: [registry],
  });
  for (const [pattern, costMs] of Object.entries(cpuMsPerThousand.replicas)) {
    metric.set({ kind: "replica", pattern }, costMs);
  }
  for (const [kind, costMs] of Object.entries(cpuMsPerThousand.shared)) {
    metric.set({ kind, pattern: "both" }, costMs);
  }
}

const fleetRows: { name: string; help: string; read(figures: FleetFigures): number }[] = [
  { name: "fleet_wanted", help: "Virtual clients wanted.", read: (f) => f.wanted },
  { name: "fleet_connected", help: "Virtual clients connected now.", read: (f) => f.connected },
  { name: "load_arrivals", help: "Arrivals of the load.", read: (f) => f.load.arrivals },
  { name: "load_sent_late", help: "Sent over 10 ms late.", read: (f) => f.load.sentLate },
  { name: "load_not_sent", help: "Given up: too many under way.", read: (f) => f.load.notSent },
  { name: "load_failed", help: "Sent, and not taken.", read: (f) => f.load.failed },
];

function addFleet(registry: Registry, { fleet }: Metrics): void {
  if (fleet === undefined) return;
  for (const { name, help, read } of fleetRows) {
    const options = { name: `playground_${name}`, help, labelNames: ["pattern"] };
    const metric = new Gauge({ ...options, registers: [registry] });
    for (const pattern of PATTERNS) metric.set({ pattern }, read(fleet[pattern]));
  }
}

function addLimits(registry: Registry, limits: Metrics["limits"]): void {
  const options = { labelNames: ["structure"], registers: [registry] };
  const help = "How full each bounded structure is.";
  const full = new Gauge({ name: "playground_limit_used", help, ...options });
  const mostHelp = "The most that each bounded structure may hold.";
  const most = new Gauge({ name: "playground_limit", help: mostHelp, ...options });
  for (const [structure, { used, limit }] of Object.entries(limits)) {
    full.set({ structure }, used);
    most.set({ structure }, limit);
  }
}

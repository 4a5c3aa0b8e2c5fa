/** The newest moves of one client's machine, newest first, while it is being looked at. */
import { useEffect, useState } from "react";
import { clientsStore, everyClient } from "../../stores/clients-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { type Move, moveBetween } from "./moves.ts";

const KEPT = 6;

export interface SeenMove extends Move {
  id: number;
  /** When it was reported, on the wire's clock, ms. */
  atMs: number;
}

export function useMoves(client: string | undefined): readonly SeenMove[] {
  const [moves, setMoves] = useState<readonly SeenMove[]>([]);
  useEffect(() => {
    setMoves([]);
    const find = () => everyClient(clientsStore.getState()).find(({ id }) => id === client);
    let before = find();
    let count = 0;
    return clientsStore.subscribe(() => {
      const after = find();
      const move = before && after && moveBetween(before, after);
      before = after;
      if (move === undefined) return;
      const seen = { ...move, id: ++count, atMs: traceStore.getState().wireNow() };
      setMoves((kept) => [seen, ...kept].slice(0, KEPT));
    });
  }, [client]);
  return moves;
}

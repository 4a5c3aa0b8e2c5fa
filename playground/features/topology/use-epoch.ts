/** Milliseconds since the epoch, ticking only while something counts down. */
import { useEffect, useState } from "react";

export function useEpoch(isTicking: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    const tick = () => setNowMs(Date.now());
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}

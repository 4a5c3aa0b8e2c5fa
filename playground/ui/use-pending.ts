/** Whether something asked for has not been answered yet. */
import { useCallback, useState } from "react";

export function usePending(): [isPending: boolean, run: (act: () => Promise<unknown>) => void] {
  const [running, setRunning] = useState(0);
  const run = useCallback((act: () => Promise<unknown>) => {
    setRunning((n) => n + 1);
    void act().finally(() => setRunning((n) => n - 1));
  }, []);
  return [running > 0, run];
}

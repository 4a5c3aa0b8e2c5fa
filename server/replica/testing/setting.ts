/** Where a contract suite runs: something that can be started and answers at a URL. */

export interface Setting {
  name: string;
  /** Others are between client and replica: what the replica alone decides need not be proved again. */
  isBehindOthers?: boolean;
  start(): Promise<{
    url: string;
    /** Where there are several ways in: one a replica. */
    urls?: string[];
    /** Changes the poll timeout of all replicas. */
    setPollTimeoutMs?(pollTimeoutMs: number): Promise<void>;
    stop(): Promise<void>;
  }>;
}

/** The ways into what was started. */
export interface Ways {
  url(): string;
  /** Another replica each time, where a test can choose. */
  anyUrl(turn: number): string;
}

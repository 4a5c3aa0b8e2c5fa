/**
 * Time comes from outside. Everything that waits takes a Clock, so that tests, slow motion and
 * held traffic can stop or stretch protocol time without touching the protocol.
 */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since some fixed moment; never goes backwards. */
  now(): number;
  /** Calls `then` once, `afterMs` of this clock's milliseconds from now, unless cancelled. */
  after(afterMs: number, then: () => void): Timer;
}

/**
 * How many bytes the connections of one balancer may keep together of units that are not whole yet,
 * so that they can be looked at. What finds no room crosses all the same, unread.
 */
export interface ByteBudget {
  readonly limitBytes: number;
  leftBytes: number;
}

export function createByteBudget(limitBytes = 64 * 1024 * 1024): ByteBudget {
  return { limitBytes, leftBytes: limitBytes };
}

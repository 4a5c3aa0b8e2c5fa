/** Thousands join a server some at a time: what its listener can keep waiting is not what is measured. */
export async function joinInLots(
  clients: number,
  lot: number,
  join: (number: number) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < clients; first += lot) {
    const some = Math.min(lot, clients - first);
    await Promise.all(Array.from({ length: some }, (_, at) => join(first + at)));
  }
}

/** Builds what a Postgres client and server say, for tests. Written from the protocol's manual, not from our framer. */

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function value(one: string | null): Buffer {
  if (one === null) return int32(-1);
  const bytes = Buffer.from(one);
  return Buffer.concat([int32(bytes.length), bytes]);
}

function part(type: string, ...fields: Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

export const client = {
  ssl: () => Buffer.concat([int32(8), int32(80_877_103)]),
  startup: () => part("", int32(196_608), text("user"), text("postgres"), Buffer.from([0])),
  password: (secret: string) => part("p", text(secret)),
  query: (sql: string) => part("Q", text(sql)),
  parse: (name: string, sql: string) => part("P", text(name), text(sql), int16(0)),
  bind: (name: string, params: (string | null)[]) =>
    part("B", text(""), text(name), int16(0), int16(params.length), ...params.map(value), int16(0)),
  describe: () => part("D", Buffer.from("P"), text("")),
  describeStatement: (name: string) => part("D", Buffer.from("S"), text(name)),
  flush: () => part("H"),
  execute: () => part("E", text(""), int32(0)),
  sync: () => part("S"),
  terminate: () => part("X"),
};

export const server = {
  authenticationOk: () => part("R", int32(0)),
  askForPassword: () => part("R", int32(3)),
  startCopyIn: () => part("G", Buffer.from([0]), int16(0)),
  parameters: (count: number) =>
    part("t", int16(count), ...Array.from({ length: count }, () => int32(25))),
  parseComplete: () => part("1"),
  bindComplete: () => part("2"),
  noData: () => part("n"),
  columns: (...names: string[]) =>
    part(
      "T",
      int16(names.length),
      ...names.flatMap((name) => [
        text(name),
        int32(0),
        int16(0),
        int32(25),
        int16(-1),
        int32(-1),
        int16(0),
      ]),
    ),
  row: (...values: (string | null)[]) => part("D", int16(values.length), ...values.map(value)),
  complete: (tag: string) => part("C", text(tag)),
  error: (code: string, words: string) =>
    part("E", text("SERROR"), text(`C${code}`), text(`M${words}`), Buffer.from([0])),
  ready: () => part("Z", Buffer.from("I")),
};

/**
 * Reads a file and tells its text in pieces, beside the page: decoding 30 MB takes a browser as long
 * as parsing them. `null` is the end, `false` that it could not be read.
 */
const PIECE_BYTES = 1_024 * 1_024;

export type Told = string | null | false;

const tell = (told: Told) => postMessage(told);

addEventListener("message", ({ data }: MessageEvent<File>) => {
  read(data).then(
    () => tell(null),
    () => tell(false),
  );
});

async function read(file: File): Promise<void> {
  const decoder = new TextDecoder();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const piece = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
    tell(decoder.decode(piece, { stream: true }));
  }
  tell(decoder.decode());
}

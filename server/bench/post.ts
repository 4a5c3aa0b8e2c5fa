/** Sends one message to a server, and says its id. */
export async function post(port: number, message: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message }),
  });
  const body = (await response.json()) as { id?: number };
  if (response.status !== 201 || body.id === undefined) {
    throw new Error(`A message was not taken: ${response.status} ${JSON.stringify(body)}`);
  }
  return body.id;
}

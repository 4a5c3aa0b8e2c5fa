/**
 * Brings one response back: passes its bytes to the client as they come, holds back a replica whose
 * client reads slowly, and tells what crossed. The request delivery's twin; how an exchange ends
 * where there is no response is the exchange's business.
 */
import type { BalancerContext } from "./balancer-context.ts";
import type { ClientSide } from "./client-side.ts";
import type { ExchangeReport } from "./exchange-report.ts";
import type { ResponseHead } from "./http-head.ts";
import type { RequestDelivery } from "./request-delivery.ts";
import type { Fate } from "./unit-forwarder.ts";

export interface ResponseReturnOptions {
  context: BalancerContext;
  client: ClientSide;
  report: ExchangeReport;
  delivery: RequestDelivery;
  exchange: { readonly isOver: boolean; giveUp(reason: string): void };
  /** The last byte of the response has left. */
  onCrossed(): void;
}

export class ResponseReturn {
  /** The last one that came, be it an interim one. */
  head: ResponseHead | undefined;
  hasCrossed = false;
  readonly #options: ResponseReturnOptions;

  constructor(options: ResponseReturnOptions) {
    this.#options = options;
  }

  /** Bytes of a final response are on their way to the client: no other answer can be given. */
  get hasBegun(): boolean {
    return this.head !== undefined && this.head.status >= 200;
  }

  begin(head: ResponseHead, bytes: Buffer): void {
    this.head = head;
    if (head.isStream && this.hasBegun) this.#options.client.link.letPass();
    this.#options.report.beginAnswer(bytes.length);
  }

  add(bytes: Buffer): void {
    const { client, report } = this.#options;
    report.response.add(bytes);
    if (!this.hasBegun) {
      // No gate holds these: a client may wait for one before it goes on with its request.
      if (!client.socket.write(bytes)) this.#pauseReplica();
      return;
    }
    client.link.add(bytes);
    if (!client.link.flush()) this.#pauseReplica();
  }

  /** The client reads slowly. */
  #pauseReplica(): void {
    this.#options.delivery.placement.upstream?.socket.pause();
  }

  /** The client reads again. */
  drained(): void {
    this.#options.delivery.placement.upstream?.socket.resume();
  }

  /** All of it has come. */
  end(atMs: number): void {
    const { client, report, delivery, exchange } = this.#options;
    if (client.link.endNow()) this.#crossed(atMs, "sent");
    else
      client.link.end({
        describe: () => report.waitingResponse(delivery.replica, this.head),
        crossed: (fate, perturbed) => {
          report.responsePerturbed = perturbed;
          this.#crossed(atMs, fate);
        },
        drop: () => exchange.giveUp("the answer was dropped"),
      });
  }

  #crossed(atMs: number, fate: Fate): void {
    const { context, report, delivery, exchange, onCrossed } = this.#options;
    if (exchange.isOver || !this.head) return;
    const crossing = { atMs, doneAtMs: context.recorder.now() };
    report.tellResponse(delivery.replica, this.head, crossing, fate === "lost");
    this.hasCrossed = true;
    onCrossed();
  }
}

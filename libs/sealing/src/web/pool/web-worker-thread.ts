import type { PoolThread, ThreadEvents } from '../../pool/batch-pool.js';
import type { WebAeadKeys } from '../aead.js';
import type { PortEvent, WebReply, WebRequest, WebWorker } from './messages.js';

/** One worker of the page and the ids of the requests it has in hand. A worker does not tell that it has ended, only that it failed. */
export class WebWorkerThread implements PoolThread<WebAeadKeys> {
  readonly #worker: WebWorker;
  readonly #events: ThreadEvents<readonly ArrayBuffer[]>;
  readonly #inHand = new Set<number>();
  #gone = false;

  constructor(worker: WebWorker, events: ThreadEvents<readonly ArrayBuffer[]>) {
    this.#worker = worker;
    this.#events = events;
    worker.addEventListener('message', ({ data }) => {
      const reply = data as WebReply;
      this.#inHand.delete(reply.id);
      events.replied(reply);
    });
    // It could not be loaded, or threw where nobody caught it, or gave what cannot be read: what it has in hand never comes.
    worker.addEventListener('error', (event) => this.#fail(event));
    worker.addEventListener('messageerror', (event) => this.#fail(event));
  }

  get load(): number {
    return this.#inHand.size;
  }

  get gone(): boolean {
    return this.#gone;
  }

  send(request: WebRequest): void {
    // First: a request that cannot be posted must not count as being in hand.
    this.#worker.postMessage(request, [request.buffer]);
    this.#inHand.add(request.id);
  }

  terminate(): void {
    this.#gone = true;
    this.#worker.terminate();
  }

  #fail({ message }: PortEvent): void {
    if (this.#gone) return;
    this.terminate();
    const lost = [...this.#inHand];
    this.#inHand.clear();
    this.#events.died(lost, new Error(message || 'a sealing worker could not be loaded'));
  }
}

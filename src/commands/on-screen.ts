/**
 * What the messages of this process's previews show at this moment. Nothing is decided by it: a press decides by the
 * database alone, and after a restart it is empty.
 */
export class OnScreen {
  readonly #plans = new Map<string, string>();
  readonly #pictures = new Map<string, Promise<void>>();

  /** From here on the message shows this plan. */
  shows(messageId: string, planId: string): void {
    this.#plans.set(messageId, planId);
  }

  /** False once the message shows another plan, or none that can be sent. */
  stillShows(messageId: string, planId: string): boolean {
    return this.#plans.get(messageId) === planId;
  }

  /** What a message shows, as far as this process knows. */
  of(messageId: string): string | null {
    return this.#plans.get(messageId) ?? null;
  }

  ended(messageId: string): void {
    this.#plans.delete(messageId);
  }

  /** One picture of a message after another: a newer one must not be overtaken by an older one. */
  picture(messageId: string, add: (before: Promise<void> | undefined) => Promise<void>): void {
    const adding = add(this.#pictures.get(messageId)).finally(() => {
      if (this.#pictures.get(messageId) === adding) this.#pictures.delete(messageId);
    });
    this.#pictures.set(messageId, adding);
  }
}

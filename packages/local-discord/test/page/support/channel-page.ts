import type { Locator, Page } from 'playwright-core';

/** The text as it is laid out: what a reader sees, with its line breaks. */
export function shown(locator: Locator): Promise<string> {
  return locator.innerText();
}

/** The page as a person names its parts. */
export class ChannelPage {
  constructor(readonly page: Page) {}

  get box(): Locator {
    return this.page.getByRole('combobox', { name: /^Message / });
  }

  get suggestions(): Locator {
    return this.page.locator('.suggestions').getByRole('option');
  }

  field(option: string): Locator {
    return this.page.getByRole('combobox', { name: new RegExp(`^${option}\\b`) });
  }

  get messages(): Locator {
    return this.page.getByRole('article');
  }

  get error(): Locator {
    return this.page.locator('.composer-error');
  }

  messageWith(text: string | RegExp): Locator {
    return this.messages.filter({ hasText: text });
  }

  /** Types into whatever has the focus, then presses the keys. */
  async type(text: string, ...keys: string[]): Promise<void> {
    await this.page.keyboard.type(text);
    await this.press(...keys);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Sends `/targets position:<text>` by keyboard and waits for the preview that answers it. */
  async preview(position = '37'): Promise<Locator> {
    const previews = this.messageWith(`Preview of #${position}`);
    const known = await previews.count();
    await this.box.focus();
    await this.type(`/targets position:${position} `, 'Enter', 'Enter');
    await previews.nth(known).waitFor();
    // By its id, so that it is still the same message when a press has changed its words.
    return this.page.locator(`[data-id="${await previews.nth(known).getAttribute('data-id')}"]`);
  }

  /** Reads something off the document, as a script in the page would. */
  read<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression) as Promise<T>;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

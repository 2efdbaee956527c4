/** A person's input that Discord's own app would not have sent; becomes `{error}` on the user side. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(
    message: string,
    readonly status: 400 | 403 | 404 = 400,
  ) {
    super(message);
  }
}

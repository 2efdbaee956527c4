import { html, nothing, type TemplateResult } from 'lit';
import { safeUrl } from '../markdown/inline.js';
import type { Attachment, Message } from '../types.js';
import { icon } from './icons.js';

interface Picture {
  url: string;
  width?: number | null;
  height?: number | null;
}

const WIDEST = 520;
const TALLEST = 350;

/**
 * A picture that opens full size in a new tab. Its room is reserved from the start, so that nothing jumps
 * when it has loaded. Sources are http(s) only; the page's policy lets in those of its own server.
 */
export function imageView(picture: Picture | undefined, alt: string, kind: string): TemplateResult {
  const url = safeUrl(picture?.url);
  if (!url) return html``;
  const { width, height } = fitted(picture?.width ?? 0, picture?.height ?? 0);
  return html`<a class="image ${kind}" href=${url} target="_blank" rel="noopener noreferrer">
    <img src=${url} alt=${alt || 'Image'} loading="lazy" width=${width || nothing} height=${height || nothing}>
  </a>`;
}

/** The size at which a picture of that many pixels fits into a message; zeros where it is not known. */
function fitted(width: number, height: number): { width: number; height: number } {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** The files of a message: pictures shown, others named with a link. */
export function attachmentsView(message: Message): TemplateResult {
  return html`${(message.attachments ?? []).map((file) => (isPicture(file) ? pictureView(file) : fileView(file)))}`;
}

/** With its alt text for whoever asks for it, as Discord has it: a small ALT over the picture's corner. */
function pictureView(file: Attachment): TemplateResult {
  const { description } = file;
  return html`<div class="described">
    ${imageView(file, description || file.filename, 'picture')}
    ${description ? html`<details class="alt"><summary title=${description}>ALT</summary><p class="alt-words">${description}</p></details>` : nothing}
  </div>`;
}

function isPicture(file: Attachment): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(file.content_type?.split(';')[0] ?? '');
}

function fileView(file: Attachment): TemplateResult {
  const url = safeUrl(file.url);
  const size = file.size === undefined ? '' : ` · ${(file.size / 1024).toFixed(1)} KB`;
  return html`<p class="file">${icon('file')}
    ${url ? html`<a href=${url} download=${file.filename} rel="noopener noreferrer">${file.filename}</a>` : file.filename}
    <small>${size}</small></p>`;
}

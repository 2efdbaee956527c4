import { ApiError, apiError } from '../base/api-error.js';
import { MessageFlag } from '../base/constants.js';
import { Issues, issue, type Path } from '../base/issues.js';
import { arrayOf, integerOf, isObject, type JsonObject, lengthOf, objectsOf, textOf } from '../base/json.js';
import { type Attachment, fileName, type Upload } from '../messages/attachments.js';
import { isAttachmentUrl, namedIn, nameInUrl } from '../messages/files-of-body.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { checkComponents } from './component-rules.js';
import { checkEmbeds } from './embed-rules.js';

const MAX_CONTENT = 2_000;
const MAX_FILES = 10;
/** Default upload limit of a guild without boosts (official docs). */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

export interface MessageCheck {
  uploads: readonly Upload[];
  /** The message an edit changes; null for a new one. */
  existing: StoredMessage | null;
  /** Where the message sits in the body, e.g. ['data'] in a callback. */
  at?: Path;
}

/** Throws when a message body breaks a documented rule: 50035 with the places, 50006 when nothing is left to show. */
export function checkMessage(body: JsonObject, check: MessageCheck): void {
  const issues = new Issues();
  const at = check.at ?? [];
  const v2 = isV2(body, check.existing);
  if (lengthOf(textOf(body.content)) > MAX_CONTENT) issue.tooLong(issues, [...at, 'content'], MAX_CONTENT);
  checkEmbeds(objectsOf(body.embeds), [...at, 'embeds'], issues);
  checkComponents(body.components, v2, [...at, 'components'], issues);
  if (v2) checkNoLegacyFields(body, check.existing, at, issues);
  checkMentions(body.allowed_mentions, [...at, 'allowed_mentions'], issues);
  checkFiles(body, check, at, issues);
  issues.throwIfAny();
  if (isEmpty(body, check)) throw apiError('emptyMessage');
}

function isV2(body: JsonObject, existing: StoredMessage | null): boolean {
  const flags = integerOf(body.flags, 0) | (existing?.wire.flags ?? 0);
  return (flags & MessageFlag.componentsV2) !== 0;
}

function checkNoLegacyFields(
  body: JsonObject,
  existing: StoredMessage | null,
  at: Path,
  issues: Issues,
): void {
  const left = (key: 'content' | 'embeds'): boolean => {
    const value = key in body ? body[key] : existing?.wire[key];
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  };
  const used = (['content', 'embeds'] as const).filter(left);
  for (const key of [...used, ...['poll', 'sticker_ids'].filter((name) => body[name])]) {
    issues.add(
      [...at, key],
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    );
  }
}

/** `parse` and an explicit list of the same kind exclude each other (official docs, "Allowed Mentions"). */
function checkMentions(allowed: unknown, at: Path, issues: Issues): void {
  if (!isObject(allowed)) return;
  for (const kind of ['users', 'roles']) {
    if (!arrayOf(allowed.parse).includes(kind) || arrayOf(allowed[kind]).length === 0) continue;
    issues.add(
      at,
      'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
      `parse:["${kind}"] and ${kind} exclude each other`,
    );
  }
}

function checkFiles(body: JsonObject, check: MessageCheck, at: Path, issues: Issues): void {
  const { uploads, existing } = check;
  if (uploads.some((upload) => upload.bytes.length > MAX_FILE_BYTES)) throw apiError('requestTooLarge');
  const kept = keptFiles(body, existing);
  const listed = objectsOf(body.attachments);
  if (listed.length > MAX_FILES) issue.tooLong(issues, [...at, 'attachments'], MAX_FILES);
  // Those it keeps count as well.
  else if (uploads.length + kept.length > MAX_FILES) throw apiError('tooManyFiles');
  const known = new Set([
    ...(existing?.files ?? []).map((file) => file.id),
    ...uploads.map((upload) => /\[(\d+)\]/.exec(upload.part)?.[1] ?? ''),
  ]);
  listed.forEach((entry, index) => {
    if (known.has(String(entry.id))) return;
    issues.add([...at, 'attachments', index], 'ATTACHMENT_NOT_FOUND', 'Attachment data not found');
  });
  const names = new Set([
    ...kept.map((file) => file.filename),
    ...uploads.map((upload) => fileName(namedIn(listed, upload).filename)),
  ]);
  for (const key of ['embeds', 'components'] as const) {
    for (const url of attachmentUrls(body[key])) {
      if (names.has(nameInUrl(url))) continue;
      issues.add([...at, key], 'ATTACHMENT_NOT_FOUND', `${url} names no file of this message.`);
    }
  }
}

function attachmentUrls(value: unknown): string[] {
  if (typeof value === 'string') return isAttachmentUrl(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(attachmentUrls);
}

/** Whether nothing would be left to show. A deferral that is still loading counts as empty before its edit. */
function isEmpty(body: JsonObject, { existing, uploads }: MessageCheck): boolean {
  const after = (key: 'content' | 'embeds' | 'components'): boolean => {
    const value = key in body ? body[key] : existing?.wire[key];
    return Array.isArray(value) ? value.length > 0 : textOf(value) !== '';
  };
  const files = uploads.length > 0 || keptFiles(body, existing).length > 0;
  return !after('content') && !after('embeds') && !after('components') && !files;
}

function keptFiles(body: JsonObject, existing: StoredMessage | null): readonly Attachment[] {
  const before = existing?.files ?? [];
  if (!Array.isArray(body.attachments)) return before;
  const ids = objectsOf(body.attachments).map((entry) => String(entry.id));
  return before.filter((file) => ids.includes(file.id));
}

/** Refuses multipart bodies whose parts do not fit (official docs, "Uploading Files"). */
export function checkParts(uploads: readonly Upload[]): void {
  const wrong = uploads.find((upload) => !/^files\[\d\]$/.test(upload.part));
  if (wrong) throw new ApiError(400, 50046, `Invalid asset: part ${wrong.part}`);
}

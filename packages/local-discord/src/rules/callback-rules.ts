import { CallbackType, MessageFlag } from '../base/constants.js';
import { Issues, issue } from '../base/issues.js';
import { integerOf, isObject, type JsonObject, lengthOf, objectOf, objectsOf } from '../base/json.js';
import type { Interaction, InteractionKind } from '../interactions/interaction.js';
import type { Upload } from '../messages/attachments.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { checkMessage } from './message-rules.js';
import { checkModal } from './modal-rules.js';

/** Which callback types may answer what (official docs, "Interaction Callback Type"). */
const ALLOWED: Readonly<Record<InteractionKind, readonly number[]>> = {
  command: [CallbackType.message, CallbackType.deferredMessage, CallbackType.modal],
  component: [4, 5, 6, 7, 9],
  modal: [4, 5],
  autocomplete: [CallbackType.autocomplete],
};

/** Flags a deferral may carry. Anything else has to come with the later edit. */
const DEFER_FLAGS = MessageFlag.ephemeral;
const MAX_CHOICES = 25;
const MAX_CHOICE_TEXT = 100;

/** Throws 50035 (or 50006) when a callback breaks a rule; errors of the data sit under `data`. */
export function checkCallback(
  interaction: Interaction,
  body: JsonObject,
  uploads: readonly Upload[],
  source: StoredMessage | undefined,
): void {
  const type = Number(body.type);
  const issues = new Issues();
  const allowed = [...ALLOWED[interaction.kind]];
  if (interaction.kind === 'modal' && source) allowed.push(CallbackType.deferredUpdate, CallbackType.update);
  if (!allowed.includes(type)) {
    issues.add(['type'], 'BASE_TYPE_CHOICES', `Must be one of (${allowed.join(', ')}) for this interaction.`);
    issues.throwIfAny();
  }
  if (body.data !== undefined && body.data !== null && !isObject(body.data)) {
    issues.add(['data'], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    issues.throwIfAny();
  }
  checkData(interaction, type, body, uploads, source, issues);
  issues.throwIfAny();
}

function checkData(
  interaction: Interaction,
  type: number,
  body: JsonObject,
  uploads: readonly Upload[],
  source: StoredMessage | undefined,
  issues: Issues,
): void {
  const data = objectOf(body.data);
  if (type === CallbackType.message) {
    if (!isObject(body.data)) issue.required(issues, ['data']);
    else checkMessage(data, { uploads, existing: null, at: ['data'] });
  }
  if (type === CallbackType.deferredMessage && integerOf(data.flags, 0) & ~DEFER_FLAGS) {
    issues.add(
      ['data', 'flags'],
      'BASE_TYPE_CHOICES',
      'A deferred message may only carry the EPHEMERAL flag.',
    );
  }
  if (type === CallbackType.update) checkMessage(data, { uploads, existing: source ?? null, at: ['data'] });
  if (type === CallbackType.modal) checkModal(data, issues);
  if (type === CallbackType.autocomplete) checkChoices(interaction, data, issues);
}

function checkChoices(interaction: Interaction, data: JsonObject, issues: Issues): void {
  const choices = objectsOf(data.choices);
  const wanted = interaction.focusedType === 3 ? 'string' : 'number';
  if (choices.length > MAX_CHOICES) issue.tooLong(issues, ['data', 'choices'], MAX_CHOICES);
  choices.forEach((choice, index) => {
    const at = ['data', 'choices', index] as const;
    const name = typeof choice.name === 'string' ? lengthOf(choice.name) : 0;
    if (name < 1 || name > MAX_CHOICE_TEXT) issue.badLength(issues, [...at, 'name'], 1, MAX_CHOICE_TEXT);
    const wrong = typeof choice.value !== wanted;
    if (wrong) issues.add([...at, 'value'], 'MODEL_TYPE_CONVERT', `Value must be a ${wanted}.`);
    if (typeof choice.value === 'string' && lengthOf(choice.value) > MAX_CHOICE_TEXT) {
      issue.tooLong(issues, [...at, 'value'], MAX_CHOICE_TEXT);
    }
  });
}

import type { WebhookEvent } from '#lib/webhooks/rules.ts'

export const EVENT_WORDS: Readonly<Record<WebhookEvent, string>> = {
  'alert.fired': 'An alert fires',
  'alert.resolved': 'An alert is over',
  'label.moved': 'A label is set, moved or removed',
  'version.created': 'A version is saved',
  'prompt.created': 'A prompt is made',
  'prompt.archived': 'A prompt is archived',
  'prompt.restored': 'A prompt is restored',
  'import.finished': 'Prompts are imported',
  'import.undone': 'An import is taken back',
}

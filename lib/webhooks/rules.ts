/** The bounds of webhooks, for their schema, their operations and the form, which has no schema library. */

export const WEBHOOK_NAME_LENGTH = 100
export const WEBHOOK_URL_LENGTH = 2000
/** The longest overlap of two secrets, in hours, and the one that nobody asked for. */
export const SECRET_OVERLAP_HOURS = { most: 24 * 30, usual: 24 } as const

/** What a webhook can be told, in the order of the choices. */
export const WEBHOOK_EVENTS = [
  'alert.fired',
  'alert.resolved',
  'label.moved',
  'version.created',
  'prompt.created',
  'prompt.archived',
  'prompt.restored',
  'import.finished',
  'import.undone',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** Forms that a receiver takes: our own, a workflow of GitHub, a pipeline of GitLab. */
export const WEBHOOK_FORMS = ['incipit', 'github', 'gitlab'] as const
export type WebhookForm = (typeof WEBHOOK_FORMS)[number]

/** What a header may hold: printable ASCII, without spaces around it. */
export const AUTHORIZATION_HEADER = { most: 4096, form: /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/ } as const

/** Sent when somebody asks for it. */
export const PING = 'ping'

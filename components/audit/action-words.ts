import type { AuditEvent } from '#lib/audit/schema.ts'

/** What an action begins with, in the order of the choices. */
export const ACTION_GROUPS = [
  'session',
  'member',
  'invitation',
  'person',
  'reset',
  'password',
  'second_factor',
  'factor',
  'passkey',
  'login',
  'key',
  'client',
  'prompt',
  'version',
  'label',
  'label_rule',
  'alert_rule',
  'alert',
  'webhook',
  'import',
  'repository',
  'example',
  'category',
  'configuration',
  'generation',
  'batch',
  'note',
  'view',
  'outbox',
  'secret',
  'access',
  'audit',
] as const
export type ActionGroup = (typeof ACTION_GROUPS)[number]

export const GROUP_NAMES: Readonly<Record<ActionGroup, string>> = {
  session: 'Sign-in and sessions',
  member: 'Members',
  invitation: 'Invitations',
  person: 'Passwords and e-mail',
  reset: 'Reset links',
  password: 'Passwords by a link',
  second_factor: 'Second factors',
  factor: 'Second factors taken away',
  passkey: 'Passkeys',
  login: 'Single sign-on',
  key: 'API keys',
  client: 'Connected clients',
  prompt: 'Prompts',
  version: 'Versions',
  label: 'Labels',
  label_rule: 'Label rules',
  alert_rule: 'Alert rules',
  alert: 'Alerts',
  webhook: 'Webhooks',
  import: 'Imports',
  repository: 'Repositories',
  example: 'Examples',
  category: 'Categories',
  configuration: 'AI configurations',
  generation: 'Generations',
  batch: 'Batches',
  note: 'Notes on usage',
  view: 'Saved views',
  outbox: 'Refused messages',
  secret: 'Secrets',
  access: 'Accounts on and off',
  audit: 'The log itself',
}

const NOUNS: Readonly<Partial<Record<string, string>>> = {
  second_factor: 'second factor',
  label_rule: 'label rule',
  alert_rule: 'alert rule',
  configuration: 'AI configuration',
}

const VERBS: Readonly<Partial<Record<string, string>>> = {
  create: 'made',
  update: 'changed',
  undo: 'taken back',
  delete: 'deleted',
  archive: 'archived',
  restore: 'restored',
  merge: 'merged',
  order: 'put in order',
  replace: 'replaced',
  set: 'set',
  redact: 'redacted',
  revoke: 'revoked',
  rotate: 'rotated',
  rotated: 'rotated',
  reseal: 'sealed anew',
  change: 'changed',
  connect: 'connected',
  request: 'asked for',
  cancel: 'cancelled',
  disable: 'switched off',
  test: 'pinged',
  sync: 'asked to look at',
  redeliver: 'sent something again to',
  acknowledge: 'looks after',
}

/** Actions whose words are no noun with a verb. */
const WORDS: Readonly<Partial<Record<string, string>>> = {
  'session.create': 'signed in',
  'session.renew': 'signed in again',
  'session.end': 'signed out',
  'session.revoke': 'ended sessions',
  'session.refuse': 'was refused at sign-in',
  'person.password': 'changed the password',
  'person.email': 'changed the e-mail address',
  'second_factor.enable': 'switched a second factor on',
  'second_factor.disable': 'switched the second factor off',
  'second_factor.codes': 'made new recovery codes',
  'password.reset': 'set a new password by a link',
  'factor.forget': 'took the second factor away from',
  'reset.ask': 'asked for a reset link for',
  'invitation.create': 'invited',
  'invitation.delete': 'revoked the invitation of',
  'reset.create': 'made a reset link for',
  'member.create': 'added',
  'member.update': 'changed member',
  'member.delete': 'removed',
  'member.leave': 'left',
  'member.rename': 'changed the name',
  'member.erase': 'erased',
  'client.revoke_token': 'ended a token of client',
  'outbox.resend': 'sent again the message',
  'outbox.drop': 'gave up the message',
  'access.set_up': 'made the first account',
  'access.accounts_off': 'switched accounts off',
  'access.accounts_on': 'switched accounts on',
  'audit.expire': 'deleted old rows of this log',
  'workspace.seed': 'filled the workspace with samples',
}

/** The words name the target. */
const WITHOUT_TARGET = /^(?:access|audit|workspace)\./
/** The target is whoever did it. */
const OF_ONESELF =
  /^(?:session|person|password|second_factor|passkey|login|reset)\.|^member\.(?:leave|rename)$/

/** What was done, in words that go on after the name of who did it. */
export function actionWords({ action }: Pick<AuditEvent, 'action'>): string {
  const known = WORDS[action]
  if (known !== undefined) return known
  const [noun = '', verb = ''] = action.split('.')
  const done = VERBS[verb]
  return done === undefined ? action : `${done} ${NOUNS[noun] ?? noun.replaceAll('_', ' ')}`
}

/** The name of what it was done to, unless that is the one who did it. */
export function targetName({
  action,
  actor,
  target,
}: Pick<AuditEvent, 'action' | 'actor' | 'target'>): string {
  if (WITHOUT_TARGET.test(action)) return ''
  return OF_ONESELF.test(action) && target.id === actor.id ? '' : target.name
}

/** Where a target can be looked at. */
export function targetHref({ kind, name }: AuditEvent['target']): string | undefined {
  switch (kind) {
    case 'prompt':
      return `/prompts/${name}`
    case 'category':
      return '/categories'
    case 'configuration':
      return '/settings/ai'
    case 'label_rule':
      return '/settings/labels'
    default:
      return undefined
  }
}

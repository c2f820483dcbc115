import type { ConsentQuestion } from '#lib/oauth/schema.ts'

type Asked = ConsentQuestion['scopes'][number]['scope']

/** What a person allows with each scope, as they would say it. */
export const ALLOWED: Readonly<Record<Asked, string>> = {
  'prompts:read': 'Read your prompts and render them',
  'prompts:write': 'Write prompts: new ones, new versions, labels that are not protected',
  'prompts:release': 'Release: move production and other protected labels',
  'generations:read': 'Read generations, with what was asked and answered',
  'generations:run': 'Run prompts with a model, which costs what the model costs',
}

/** Who vouches for a client's name. */
export function voucher({ origin, host }: ConsentQuestion['client']): string {
  if (origin === 'document') return `${host} vouches for this name.`
  if (origin === 'configured') return 'Your operator or an admin has set it up.'
  return 'Nobody has checked this name: the program has introduced itself.'
}

/** What to look out for; undefined: nothing in particular. */
export function warning({ client, redirect }: ConsentQuestion): string | undefined {
  if (redirect.isLoopback)
    return 'The answer goes to a program on this computer. Allow it only if you have just started it yourself: any program here can use the name of another.'
  if (client.origin === 'registration')
    return `Allow it only if you have just started it yourself, and know what ${redirect.host} is.`
  return undefined
}

import type { ConsentQuestion } from '#lib/oauth/schema.ts'

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

import { send } from '#lib/rest/client.ts'
import { proveAgain } from './requests.ts'

/** Whether this browser has passkeys, at this address: they need https or localhost. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
}

/** Whether the browser can offer passkeys beside what it fills into a field. */
async function hasAutofill(): Promise<boolean> {
  return hasPasskeys() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false)
}

/** Has the person answer the server's challenge by a passkey of their choice. @returns the answer, as JSON */
async function answerByPasskey(signal?: AbortSignal, mediation?: 'conditional'): Promise<unknown> {
  const asked = { signal, isFinal: true }
  const options = await send<PublicKeyCredentialRequestOptionsJSON>(
    'GET /api/auth/passkey/generate-authenticate-options',
    asked,
  )
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    ...(signal && { signal }),
    ...(mediation && { mediation }),
  })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The browser gave no passkey.')
  return credential.toJSON()
}

/** Signs in by a passkey that the person chooses. */
export async function signInByPasskey(signal?: AbortSignal, mediation?: 'conditional'): Promise<void> {
  const response = await answerByPasskey(signal, mediation)
  await send('POST /api/auth/passkey/verify-authentication', { body: { response }, isFinal: true })
}

/** Proves again, by a passkey of theirs, who the person is that is signed in. */
export async function proveByPasskey(): Promise<void> {
  await proveAgain({ passkey: await answerByPasskey() })
}

/**
 * Offers passkeys in the list that the browser shows at the e-mail field, until the signal ends it.
 * @returns whether the person chose one and is signed in
 */
export async function offerPasskeys(signal: AbortSignal): Promise<boolean> {
  if (!(await hasAutofill()) || signal.aborted) return false
  await signInByPasskey(signal, 'conditional')
  return true
}

/** Makes a passkey on this device for the person that is signed in. */
export async function addPasskey(name: string): Promise<void> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    await send<PublicKeyCredentialCreationOptionsJSON>('GET /api/auth/passkey/generate-register-options'),
  )
  const credential = await navigator.credentials.create({ publicKey })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The browser made no passkey.')
  await send('POST /api/auth/passkey/verify-registration', { body: { response: credential.toJSON(), name } })
}

/** Why the browser used no passkey, in words; undefined: the person or the page gave it up. */
export function passkeyFault(error: unknown): string | undefined {
  if (!(error instanceof DOMException)) return error instanceof Error ? error.message : String(error)
  switch (error.name) {
    case 'AbortError':
      return undefined
    case 'NotAllowedError':
      return 'No passkey was used: it was cancelled, took too long, or there is none for this address.'
    case 'InvalidStateError':
      return 'This device has a passkey for your account already.'
    case 'SecurityError':
      return 'Passkeys do not work at this address: they need a name, and https.'
    default:
      return `The browser could not use a passkey: ${error.message}`
  }
}

import { z } from 'zod'
import { OPEN_ENDPOINTS } from '../open/endpoints.ts'
import { changeEmail, changePassword, confirmEmail, listWays, renewProof } from './account.ts'
import * as answers from './answers.ts'
import { type AuthEndpoint, authEndpoint } from './endpoint.ts'
import {
  addPasskey,
  authenticationOptions,
  deletePasskey,
  listPasskeys,
  registrationOptions,
  renamePasskey,
  signInWithPasskey,
} from './passkeys.ts'
import {
  disableTotp,
  enableTotp,
  renewRecoveryCodes,
  verifyRecoveryCode,
  verifyTotp,
} from './second-factor.ts'
import {
  getSession,
  listSessions,
  revokeOtherSessions,
  revokeSession,
  signInWithPassword,
  signOut,
} from './sign-in.ts'
import {
  beginLink,
  beginSingleSignOn,
  finishSingleSignOn,
  followSingleSignOn,
  listLogins,
  unlink,
} from './single-sign-on.ts'

/** A password as it comes: its rules are looked at where one is set. */
const Password = z.string().min(1).max(1000)
const Email = z
  .string()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address')
const Code = z.string().min(1).max(64)
const Token = z.string().min(1).max(200)
const Name = z.string().trim().min(1).max(100)
const Answer = z.record(z.string(), z.unknown()).describe('What the browser made, as JSON')

const Nothing = z.strictObject({})
const Proof = z.strictObject({ password: Password.optional() })
const Fresh = z
  .strictObject({ password: Password.optional(), code: Code.optional(), passkey: Answer.optional() })
  .refine((ways) => Object.values(ways).filter((way) => way !== undefined).length === 1, {
    message: 'must have one of password, code and passkey',
  })
const Page = z.string().min(1).max(2000).optional()
const SingleSignOn = z.strictObject({
  providerId: z.literal('sso').optional(),
  callbackURL: Page,
  errorCallbackURL: Page,
})

const CREDENTIALS: readonly AuthEndpoint[] = [
  authEndpoint('GET /ways', Nothing, listWays, {
    summary: 'How people can sign in here',
    output: answers.Ways,
    isAlways: true,
  }),
  authEndpoint(
    'POST /sign-in/email',
    z.strictObject({ email: Email, password: Password }),
    signInWithPassword,
    {
      summary: 'Sign in by e-mail and password',
      output: answers.SignInAnswer,
    },
  ),
  authEndpoint('POST /sign-out', Nothing, signOut, {
    summary: 'End the session',
    output: answers.Success,
    isAlways: true,
  }),
  authEndpoint('GET /get-session', Nothing, getSession, {
    summary: 'The session, and whose it is',
    output: answers.SessionAnswer,
  }),
  authEndpoint('GET /list-sessions', Nothing, listSessions, {
    summary: 'One’s own sessions, the newest first',
    output: answers.Sessions,
  }),
  authEndpoint('POST /revoke-session', z.strictObject({ token: z.uuid() }), revokeSession, {
    summary: 'End one of one’s own sessions',
    output: answers.Status,
    errors: ['not_found'],
  }),
  authEndpoint('POST /revoke-other-sessions', Nothing, revokeOtherSessions, {
    summary: 'End all of one’s own sessions but this one',
    output: answers.Status,
  }),
  authEndpoint('POST /fresh', Fresh, renewProof, {
    summary: 'Prove again who one is: by password, code or passkey',
    output: answers.FreshAnswer,
  }),
  authEndpoint(
    'POST /change-password',
    z.strictObject({
      currentPassword: Password.optional(),
      newPassword: Password,
      revokeOtherSessions: z.literal(true).optional(),
    }),
    changePassword,
    { summary: 'Change one’s own password; all other sessions end', output: answers.PasswordChanged },
  ),
  authEndpoint('POST /change-email', z.strictObject({ newEmail: Email, callbackURL: Page }), changeEmail, {
    summary: 'Change one’s own e-mail, by a mail to the new one where mails are sent',
    output: answers.Status,
  }),
  authEndpoint('POST /verify-email', z.strictObject({ token: Token }), confirmEmail, {
    summary: 'Follow the link of that mail',
    output: answers.Status,
    errors: ['not_found'],
  }),
]

const SECOND_FACTOR: readonly AuthEndpoint[] = [
  authEndpoint('POST /two-factor/enable', Proof, enableTotp, {
    summary: 'Begin to set an authenticator app up',
    output: answers.TotpBegun,
  }),
  authEndpoint('POST /two-factor/verify-totp', z.strictObject({ code: Code }), verifyTotp, {
    summary: 'Give a code: the second proof of a sign-in, or the first one of an app',
    output: answers.SignedIn,
  }),
  authEndpoint('POST /two-factor/verify-backup-code', z.strictObject({ code: Code }), verifyRecoveryCode, {
    summary: 'Give a recovery code as the second proof of a sign-in',
    output: answers.SignedIn,
  }),
  authEndpoint('POST /two-factor/disable', Proof, disableTotp, {
    summary: 'Remove the authenticator app',
    output: answers.Status,
    errors: ['not_found'],
  }),
  authEndpoint('POST /two-factor/generate-backup-codes', Proof, renewRecoveryCodes, {
    summary: 'Make new recovery codes',
    output: answers.RecoveryCodes,
  }),
]

const PASSKEYS: readonly AuthEndpoint[] = [
  authEndpoint('GET /passkey/generate-register-options', Nothing, registrationOptions, {
    summary: 'What a browser needs to make a passkey',
    output: answers.WebAuthnOptions,
  }),
  authEndpoint(
    'POST /passkey/verify-registration',
    z.strictObject({ response: Answer, name: Name.optional() }),
    addPasskey,
    { summary: 'Add the passkey that a browser made', output: answers.PasskeyAdded },
  ),
  authEndpoint('GET /passkey/generate-authenticate-options', Nothing, authenticationOptions, {
    summary: 'What a browser needs to use a passkey',
    output: answers.WebAuthnOptions,
  }),
  authEndpoint(
    'POST /passkey/verify-authentication',
    z.strictObject({ response: Answer }),
    signInWithPasskey,
    {
      summary: 'Sign in by a passkey',
      output: answers.SignedIn,
    },
  ),
  authEndpoint('GET /passkey/list-user-passkeys', Nothing, listPasskeys, {
    summary: 'One’s own passkeys',
    output: answers.Passkeys,
  }),
  authEndpoint('POST /passkey/update-passkey', z.strictObject({ id: z.uuid(), name: Name }), renamePasskey, {
    summary: 'Rename one of one’s own passkeys',
    output: answers.PasskeyRenamed,
    errors: ['not_found'],
  }),
  authEndpoint('POST /passkey/delete-passkey', z.strictObject({ id: z.uuid() }), deletePasskey, {
    summary: 'Remove one of one’s own passkeys',
    output: answers.Status,
    errors: ['not_found'],
  }),
]

const PROVIDER_ERRORS = ['not_found', 'upstream_failed'] as const

const SINGLE_SIGN_ON: readonly AuthEndpoint[] = [
  authEndpoint(
    'POST /sign-in/oauth2',
    SingleSignOn.extend({
      invitation: Token.optional().describe('The secret of an invitation to accept by it'),
    }),
    beginSingleSignOn,
    { summary: 'Begin single sign-on', output: answers.ToProvider, errors: PROVIDER_ERRORS },
  ),
  authEndpoint('GET /sign-in/oauth2', SingleSignOn, followSingleSignOn, {
    summary: 'Lead on to the provider of single sign-on',
    status: 303,
    errors: PROVIDER_ERRORS,
    mayNavigate: true,
  }),
  authEndpoint('GET /oauth2/callback/sso', z.object({}).catchall(z.string()), finishSingleSignOn, {
    summary: 'Take who comes back from the provider; what is refused leads to the page with `error`',
    status: 303,
    errors: PROVIDER_ERRORS,
    mayNavigate: true,
  }),
  authEndpoint('POST /oauth2/link', SingleSignOn, beginLink, {
    summary: 'Begin to connect one’s own account at the provider',
    output: answers.ToProvider,
    errors: PROVIDER_ERRORS,
  }),
  authEndpoint('GET /list-accounts', Nothing, listLogins, {
    summary: 'One’s own ways to sign in: the password and the provider',
    output: answers.Logins,
  }),
  authEndpoint('POST /unlink-account', z.strictObject({ providerId: z.literal('sso') }), unlink, {
    summary: 'Separate one’s own account at the provider again',
    output: answers.Status,
    errors: PROVIDER_ERRORS,
  }),
]

/** All that is reachable below /api/auth. */
export const AUTH_ENDPOINTS: readonly AuthEndpoint[] = [
  ...CREDENTIALS,
  ...SECOND_FACTOR,
  ...PASSKEYS,
  ...SINGLE_SIGN_ON,
  ...OPEN_ENDPOINTS,
]

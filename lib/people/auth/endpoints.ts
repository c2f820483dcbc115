import { z } from 'zod'
import { OPEN_ENDPOINTS } from '../open/endpoints.ts'
import { changeEmail, changePassword, confirmEmail, listWays, renewProof } from './account.ts'
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
const Page = z.string().min(1).max(2000).optional()
const SingleSignOn = z.strictObject({
  providerId: z.literal('sso').optional(),
  callbackURL: Page,
  errorCallbackURL: Page,
})

const CREDENTIALS: readonly AuthEndpoint[] = [
  authEndpoint('GET /ways', Nothing, listWays, { isAlways: true }),
  authEndpoint(
    'POST /sign-in/email',
    z.strictObject({ email: Email, password: Password }),
    signInWithPassword,
  ),
  authEndpoint('POST /sign-out', Nothing, signOut, { isAlways: true }),
  authEndpoint('GET /get-session', Nothing, getSession),
  authEndpoint('GET /list-sessions', Nothing, listSessions),
  authEndpoint('POST /revoke-session', z.strictObject({ token: z.uuid() }), revokeSession),
  authEndpoint('POST /revoke-other-sessions', Nothing, revokeOtherSessions),
  authEndpoint(
    'POST /fresh',
    z
      .strictObject({ password: Password.optional(), code: Code.optional(), passkey: Answer.optional() })
      .refine((ways) => Object.values(ways).filter((way) => way !== undefined).length === 1, {
        message: 'must have one of password, code and passkey',
      }),
    renewProof,
  ),
  authEndpoint(
    'POST /change-password',
    z.strictObject({
      currentPassword: Password.optional(),
      newPassword: Password,
      revokeOtherSessions: z.literal(true).optional(),
    }),
    changePassword,
  ),
  authEndpoint('POST /change-email', z.strictObject({ newEmail: Email, callbackURL: Page }), changeEmail),
  authEndpoint('POST /verify-email', z.strictObject({ token: Token }), confirmEmail),
]

const SECOND_FACTOR: readonly AuthEndpoint[] = [
  authEndpoint('POST /two-factor/enable', Proof, enableTotp),
  authEndpoint('POST /two-factor/verify-totp', z.strictObject({ code: Code }), verifyTotp),
  authEndpoint('POST /two-factor/verify-backup-code', z.strictObject({ code: Code }), verifyRecoveryCode),
  authEndpoint('POST /two-factor/disable', Proof, disableTotp),
  authEndpoint('POST /two-factor/generate-backup-codes', Proof, renewRecoveryCodes),
]

const PASSKEYS: readonly AuthEndpoint[] = [
  authEndpoint('GET /passkey/generate-register-options', Nothing, registrationOptions),
  authEndpoint(
    'POST /passkey/verify-registration',
    z.strictObject({ response: Answer, name: Name.optional() }),
    addPasskey,
  ),
  authEndpoint('GET /passkey/generate-authenticate-options', Nothing, authenticationOptions),
  authEndpoint(
    'POST /passkey/verify-authentication',
    z.strictObject({ response: Answer }),
    signInWithPasskey,
  ),
  authEndpoint('GET /passkey/list-user-passkeys', Nothing, listPasskeys),
  authEndpoint('POST /passkey/update-passkey', z.strictObject({ id: z.uuid(), name: Name }), renamePasskey),
  authEndpoint('POST /passkey/delete-passkey', z.strictObject({ id: z.uuid() }), deletePasskey),
]

const SINGLE_SIGN_ON: readonly AuthEndpoint[] = [
  authEndpoint(
    'POST /sign-in/oauth2',
    SingleSignOn.extend({ invitation: Token.optional() }),
    beginSingleSignOn,
  ),
  authEndpoint('GET /sign-in/oauth2', SingleSignOn, followSingleSignOn, { mayNavigate: true }),
  authEndpoint('GET /oauth2/callback/sso', z.record(z.string(), z.string()), finishSingleSignOn, {
    mayNavigate: true,
  }),
  authEndpoint('POST /oauth2/link', SingleSignOn, beginLink),
  authEndpoint('GET /list-accounts', Nothing, listLogins),
  authEndpoint('POST /unlink-account', z.strictObject({ providerId: z.literal('sso') }), unlink),
]

/** All that is reachable below /api/auth. */
export const AUTH_ENDPOINTS: readonly AuthEndpoint[] = [
  ...CREDENTIALS,
  ...SECOND_FACTOR,
  ...PASSKEYS,
  ...SINGLE_SIGN_ON,
  ...OPEN_ENDPOINTS,
]

import { z } from 'zod'

/* What the endpoints below /api/auth answer, for the document that describes them and the tests that hold them to it. */

const Time = z.iso.datetime()
const Id = z.uuid()

const User = z.strictObject({
  id: Id,
  email: z.string(),
  emailVerified: z.boolean(),
  name: z.string(),
  image: z.null(),
  twoFactorEnabled: z.boolean(),
})

export const Ways = z.strictObject({
  state: z.enum(['local', 'open', 'set_up', 'accounts']),
  password: z.boolean(),
  passkey: z.boolean(),
  reset: z.literal(true).optional().describe('A link for a new password can be sent'),
  single_sign_on: z.strictObject({ name: z.string(), url: z.string() }).nullable(),
})
export const SignedIn = z.strictObject({ redirect: z.literal(false), user: User })
export const SignInAnswer = z.union([
  SignedIn,
  z
    .strictObject({ twoFactorRedirect: z.literal(true), twoFactorMethods: z.array(z.literal('totp')) })
    .describe('A second factor is asked for now'),
])
export const Success = z.strictObject({ success: z.literal(true) })
export const Status = z.strictObject({ status: z.literal(true) })
export const SessionAnswer = z
  .strictObject({
    session: z.strictObject({
      id: Id,
      userId: Id,
      expiresAt: Time,
      createdAt: Time,
      updatedAt: Time.describe('Last use'),
    }),
    user: User,
  })
  .nullable()
  .describe('null: nobody is signed in')
export const Sessions = z.array(
  z.strictObject({
    id: Id,
    token: Id.describe('What /revoke-session takes: never the token itself'),
    userId: Id,
    createdAt: Time,
    updatedAt: Time,
    expiresAt: Time,
    ipAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    current: z.boolean(),
  }),
)
export const FreshAnswer = z.strictObject({ fresh_until: Time })
export const PasswordChanged = z.strictObject({ token: z.null(), user: User })
export const TotpBegun = z.strictObject({
  method: z.literal('totp'),
  totpURI: z.string().describe('For the authenticator app; shown once'),
  backupCodes: z.array(z.string()).describe('Recovery codes, shown once'),
})
export const RecoveryCodes = z.strictObject({ status: z.literal(true), backupCodes: z.array(z.string()) })
export const WebAuthnOptions = z
  .looseObject({ challenge: z.string() })
  .describe('What navigator.credentials takes')
export const PasskeyAdded = z.strictObject({ id: Id, name: z.string(), userId: Id })
export const Passkeys = z.array(
  z.strictObject({
    id: Id,
    name: z.string(),
    userId: Id,
    backedUp: z.boolean(),
    createdAt: Time,
    lastUsedAt: Time.nullable(),
  }),
)
export const PasskeyRenamed = z.strictObject({ passkey: z.strictObject({ id: Id, name: z.string() }) })
export const ToProvider = z.strictObject({ url: z.string(), redirect: z.literal(true) })
export const Logins = z.array(
  z.strictObject({ id: Id, providerId: z.enum(['credential', 'sso']), createdAt: Time }),
)
export const OwnerMade = z.strictObject({ id: Id, email: z.string(), name: z.string() })
export const Accepted = z.strictObject({ role: z.string(), workspace: z.string() })

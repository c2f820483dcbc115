import { getRuntime } from '../runtime.ts'
import type { Role } from './rules.ts'

/** The second factors of a person, as the database has them. */
export interface Factors {
  /** An authenticator app, or a passkey. */
  readonly hasFactor: boolean | null
  /** Where single sign-on knows them: the issuers of the providers. */
  readonly providers: readonly string[]
}

/** Columns of the second factors of a person `p`, who may be missing. */
export const FACTORS = `p.two_factor_enabled OR EXISTS (SELECT FROM person_passkey f WHERE f.person_id = p.id) AS "hasFactor",
  ARRAY(SELECT l.provider_id FROM person_login l WHERE l.person_id = p.id AND l.provider_id <> 'credential') AS providers`

/** Whether a role may do nothing without a second factor. */
export function needsSecondFactor(role: Role): boolean {
  return getRuntime().config.security.second_factor_roles.includes(role)
}

/**
 * Whether a person must have a second factor and has none. Those of people who sign in at the provider are the
 * provider's matter, as long as it is the configured one.
 */
export function lacksSecondFactor(role: Role, { hasFactor, providers }: Factors): boolean {
  if (hasFactor === true || !needsSecondFactor(role)) return false
  const { single_sign_on: provider } = getRuntime().config.security
  return !providers.some((issuer) => provider !== undefined && isSame(issuer, provider.issuer))
}

/** Its metadata may write the issuer with a slash more. */
function isSame(issuer: string, configured: string): boolean {
  return URL.canParse(issuer) && new URL(issuer).href === new URL(configured).href
}

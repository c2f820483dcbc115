import { z } from 'zod'
import { ROLES } from '../access/rules.ts'
import { count, daysOrEver } from './numbers.ts'

const SingleSignOn = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).describe('Issuer of the provider, as its metadata names it'),
  client_id: z.string().min(1).max(500),
  name: z.string().min(1).max(60).default('single sign-on').describe('Name on the button'),
  allowed_domains: z
    .array(z.string().regex(/^[a-z0-9.-]+$/i, 'expected a domain such as example.org'))
    .default([])
    .describe('Domains whose people become members when they come for the first time'),
  role_claim: z.string().min(1).max(200).optional().describe('Claim that names the role or groups'),
  roles: z
    .record(z.string(), z.enum(ROLES))
    .default({})
    .describe('Role by value of the claim; the highest counts, without one: viewer'),
  only: z.boolean().default(false).describe('Passwords and passkeys are not taken'),
})

/** Keys of the section security that are about people and how they sign in. */
export const SIGN_IN = {
  invitation_days: count(7, 365).describe('Days that the link of an invitation is good for'),
  ended_invitation_days: daysOrEver(30).describe(
    'Days that an invitation is kept, with its e-mail, after it was accepted, taken back or has expired; 0: for ever',
  ),
  removed_member_days: daysOrEver(365).describe(
    'Days that e-mail and ways to sign in of a removed member are kept, where they are a member nowhere else; 0: until an owner erases them',
  ),
  reset_minutes: count(60, 1440).describe('Minutes that a link for a new password is good for'),
  single_sign_on: SingleSignOn.optional().meta({
    description:
      'An OpenID Connect provider that people sign in with: `issuer`, `client_id`, `name`, `allowed_domains`, `role_claim`, `roles`, `only`; its secret is INCIPIT_SSO_CLIENT_SECRET',
    absent: 'none',
  }),
  second_factor_roles: z
    .array(z.enum(ROLES))
    .default([])
    .describe('Roles that may do nothing before a second factor was given'),
  session_idle_days: count(7, 365).describe('A session ends when it was not used for so many days'),
  session_days: count(30, 365).describe('A session ends after so many days in any case'),
  sessions: count(50, 1000).describe('Most sessions of one person; beyond that the oldest ends'),
  fresh_minutes: count(15, 1440).describe(
    'For so long after signing in a person may change what gives access: keys, owners, the second factor',
  ),
  password_waiting: count(32, 10_000).describe(
    'Passwords that may wait to be checked, two at a time; more are answered 503',
  ),
  sign_in_bytes: count(65_536, 1_048_576).describe('Largest body of a request to sign in'),
  sign_in_failures: count(10, 1000).describe(
    'Failed sign-ins of one account from one address within sign_in_window_minutes; of codes, those of one person',
  ),
  sign_in_failures_address: count(30, 100_000).describe(
    'Failed sign-ins from one address within sign_in_window_minutes',
  ),
  sign_in_window_minutes: count(15, 1440).describe('Minutes in which failed sign-ins are counted'),
}

import { z } from 'zod'
import { ROLES } from '../access/rules.ts'
import { CategorySlug } from '../categories/schema.ts'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { EMAIL_LENGTH, NAME_LENGTH } from './rules.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(EMAIL_LENGTH)
  .pipe(z.email('An e-mail address is needed'))
  .describe('E-mail address; capitals do not count')
const PersonName = storedText(NAME_LENGTH)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'A name is one line')
  .refine((name) => name.trim() !== '', 'A name is needed')
  .describe('What others read')
/** Its rules are looked at where it is set. */
const Password = z.string().min(1).max(1000).describe('The password')
const MemberRole = z.enum(ROLES).describe('What the member may do at most')
const Categories = z
  .array(CategorySlug)
  .min(1, 'Name a category, or give null for all of them')
  .max(500)
  .nullable()
  .describe('Slugs of the categories in which it may write and release; null: all')

/** A secret of a link. What can be none is answered as an unknown one. */
const LinkToken = z.string().min(1).max(200).describe('What stands after # in the link')

// ── Members ──────────────────────────────────────────────────────────────────────────────────

export const MemberPath = z.strictObject({ id: z.uuid().describe('Id of a member') })
export const ListMembersQuery = PageQuery
export type ListMembersQuery = z.infer<typeof ListMembersQuery>

export const PatchMemberInput = z.strictObject({
  role: MemberRole.optional(),
  categories: Categories.optional(),
  deactivated: z.boolean().optional().describe('true: cannot sign in or act until it is taken back'),
})
export type PatchMemberInput = z.infer<typeof PatchMemberInput>

export const Member = z.object({
  id: z.string().describe('Id of its actor, as in the audit log'),
  name: z.string(),
  email: z.string(),
  role: MemberRole,
  categories: z.array(z.string()).nullable().describe('Where it may write and release; null: everywhere'),
  deactivated: z.boolean(),
  deactivated_at: z.iso.datetime().nullable(),
  deactivated_by: z.object({ id: z.string(), display: z.string() }).nullable(),
  second_factor: z.boolean(),
  last_seen_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  etag: z.string(),
})
export type Member = z.infer<typeof Member>
export const MemberPage = pageOf(Member)
export type MemberPage = z.infer<typeof MemberPage>

export const ListFormerMembersQuery = PageQuery
export type ListFormerMembersQuery = z.infer<typeof ListFormerMembersQuery>

export const FormerMember = z.object({
  id: z.string().describe('Id of its actor, as in the audit log'),
  name: z.string(),
  email: z.string().nullable().describe('null: forgotten, after `security.removed_member_days`'),
  removed_at: z.iso.datetime(),
  removed_by: z
    .object({ id: z.string(), display: z.string() })
    .nullable()
    .describe('Its own id: it left; null: nobody knows any more'),
  is_member: z.boolean().describe('The person was invited again and is a member by now'),
})
export type FormerMember = z.infer<typeof FormerMember>
export const FormerMemberPage = pageOf(FormerMember)
export type FormerMemberPage = z.infer<typeof FormerMemberPage>

export const ResetLink = z.object({
  url: z.string().describe('Link to a page that takes a new password; shown once'),
  expires_at: z.iso.datetime(),
})
export type ResetLink = z.infer<typeof ResetLink>

// ── Invitations ──────────────────────────────────────────────────────────────────────────────

export const InvitationPath = z.strictObject({ id: z.uuid().describe('Id of an invitation') })

export const CreateInvitationInput = z.strictObject({
  email: Email,
  role: MemberRole,
  categories: Categories.optional(),
})
export type CreateInvitationInput = z.infer<typeof CreateInvitationInput>

export const Invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: MemberRole,
  categories: z.array(z.string()).nullable(),
  invited_by: z.object({ id: z.string(), display: z.string() }),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
})
export type Invitation = z.infer<typeof Invitation>

export const InvitationList = z.object({ items: z.array(Invitation), next_cursor: z.null() })
export type InvitationList = z.infer<typeof InvitationList>

export const NewInvitation = Invitation.extend({
  url: z.string().describe('Link that accepts it; shown once'),
  mailed: z.boolean().describe('Whether it is sent by mail as well'),
})
export type NewInvitation = z.infer<typeof NewInvitation>

// ── Oneself ──────────────────────────────────────────────────────────────────────────────────

export const Me = z.object({
  actor: z.object({ id: z.string(), kind: z.string(), display: z.string() }),
  person: z
    .object({
      id: z.string(),
      email: z.string(),
      email_verified: z.boolean(),
      name: z.string(),
      second_factor: z.boolean(),
      passkeys: z.number().int(),
      has_password: z.boolean(),
    })
    .nullable()
    .describe('null for keys and clients, and while there is no account'),
  role: MemberRole,
  scopes: z.array(z.string()),
  label: z.string().nullable(),
  categories: z.array(z.string()).nullable(),
  state: z.enum(['local', 'open', 'set_up', 'accounts']),
  fresh_until: z.iso.datetime().nullable().describe('Until then no other proof is asked for'),
  must: z.array(z.enum(['second_factor'])).describe('What the person still has to do'),
  workspace: z.object({ id: z.string(), slug: z.string() }),
})
export type Me = z.infer<typeof Me>

export const PatchMeInput = z.strictObject({ name: PersonName })
export type PatchMeInput = z.infer<typeof PatchMeInput>

const Exported = z.array(z.looseObject({ created_at: z.string() }))
/** Everything that is kept of one person. */
export const PersonExport = z.looseObject({
  exported_at: z.iso.datetime(),
  person: z.looseObject({ id: z.string(), email: z.string(), name: z.string() }),
  sign_in: Exported.describe('Password, and accounts at a provider'),
  authenticator_apps: Exported,
  passkeys: Exported.describe('With name and dates'),
  sessions: Exported.describe('With dates, address and browser'),
  memberships: z.array(z.looseObject({ workspace: z.string(), actor_id: z.string(), role: z.string() })),
  former_memberships: z.array(z.looseObject({ workspace: z.string(), actor_id: z.string() })),
  invitations: Exported.describe('Of the e-mail'),
  keys: Exported.describe('Personal keys, without their text'),
  clients: Exported.describe('Connected clients'),
  outcomes: Exported.describe('What the person said of answers, at most `limits.export_events` of them'),
  activity: z
    .array(
      z.looseObject({
        occurred_at: z.string(),
        as: z
          .enum(['actor', 'on_behalf', 'target'])
          .describe('Done by the person, by its key or client, or by others to its membership'),
        action: z.string(),
      }),
    )
    .describe('Rows of the audit log, the newest first'),
  activity_is_cut: z.boolean().describe('There are older rows than `limits.export_events`'),
})
export type PersonExport = z.infer<typeof PersonExport>

// ── Open to everybody ────────────────────────────────────────────────────────────────────────

export const SetUpInput = z.strictObject({
  token: LinkToken.optional().describe('What stands after # in the link; not needed on this machine alone'),
  name: PersonName,
  email: Email,
  password: Password,
})
export type SetUpInput = z.infer<typeof SetUpInput>

export const LookInput = z.strictObject({ token: LinkToken })
export type LookInput = z.infer<typeof LookInput>

export const Invited = z.object({
  email: z.string(),
  role: MemberRole,
  workspace: z.string(),
  invited_by: z.string(),
  has_account: z.boolean().describe('true: sign in, then accept'),
})
export type Invited = z.infer<typeof Invited>

export const AcceptInput = z.strictObject({
  token: LinkToken,
  name: PersonName.optional().describe('Not needed by who is signed in'),
  password: Password.optional().describe('Not needed by who is signed in'),
})
export type AcceptInput = z.infer<typeof AcceptInput>

export const ResetInput = z.strictObject({ token: LinkToken, password: Password })
export type ResetInput = z.infer<typeof ResetInput>

export const AskForResetInput = z.strictObject({
  email: Email,
  redirectTo: z.string().max(2000).optional().describe('Has no effect: the link leads to /reset'),
})
export type AskForResetInput = z.infer<typeof AskForResetInput>

import { ROLE_NAMES, ROLE_WORDS } from '#components/access/rights-words.ts'
import type { Role } from '#lib/access/rules.ts'
import { ROLES } from '#lib/access/rules.ts'

/** The roles that somebody may give: an owner all, an admin those below. */
function rolesGivenBy(giver: Role): Role[] {
  return giver === 'owner' ? [...ROLES] : ROLES.filter((role) => role !== 'admin' && role !== 'owner')
}

/** Whether somebody may change a member of this role. */
export function mayChange(giver: Role, role: Role): boolean {
  return rolesGivenBy(giver).includes(role)
}

export function roleChoices(giver: Role): { id: Role; label: string; hint: string }[] {
  return rolesGivenBy(giver).map((id) => ({ id, label: ROLE_NAMES[id], hint: ROLE_WORDS[id] }))
}

import { endpoint } from '../contract.ts'
import * as contracts from './contract.ts'
import { createInvitation } from './operations/create-invitation.ts'
import { createReset } from './operations/create-reset.ts'
import { deleteInvitation } from './operations/delete-invitation.ts'
import { eraseMember } from './operations/erase-member.ts'
import { exportMe } from './operations/export-me.ts'
import { exportMember } from './operations/export-member.ts'
import { getMe } from './operations/get-me.ts'
import { leaveWorkspace } from './operations/leave-workspace.ts'
import { listFormerMembers } from './operations/list-former-members.ts'
import { listInvitations } from './operations/list-invitations.ts'
import { listMembers } from './operations/list-members.ts'
import { patchMe } from './operations/patch-me.ts'
import { patchMember } from './operations/patch-member.ts'
import { removeMember } from './operations/remove-member.ts'

/** What REST offers of people, in the order of its document. */
export const peopleRoutes = [
  endpoint(contracts.getMeContract, getMe, null),
  endpoint(contracts.patchMeContract, patchMe, null),
  endpoint(contracts.leaveWorkspaceContract, leaveWorkspace, null),
  endpoint(contracts.exportMeContract, exportMe, null),
  endpoint(contracts.listMembersContract, listMembers, 'members:write'),
  endpoint(contracts.listFormerMembersContract, listFormerMembers, 'members:write'),
  endpoint(contracts.patchMemberContract, patchMember, 'members:write'),
  endpoint(contracts.removeMemberContract, removeMember, 'members:write'),
  endpoint(contracts.createResetContract, createReset, 'members:write'),
  // Owners alone: no scope gives it.
  endpoint(contracts.eraseMemberContract, eraseMember, null),
  endpoint(contracts.exportMemberContract, exportMember, 'members:write'),
  endpoint(contracts.listInvitationsContract, listInvitations, 'members:write'),
  endpoint(contracts.createInvitationContract, createInvitation, 'members:write'),
  endpoint(contracts.deleteInvitationContract, deleteInvitation, 'members:write'),
]

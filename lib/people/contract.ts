import { contract } from '../contract.ts'
import {
  CreateInvitationInput,
  FormerMemberPage,
  InvitationList,
  InvitationPath,
  ListFormerMembersQuery,
  ListMembersQuery,
  Me,
  Member,
  MemberPage,
  MemberPath,
  NewInvitation,
  PatchMeInput,
  PatchMemberInput,
  PersonExport,
  ResetLink,
} from './schema.ts'

const MEMBERS = 'Members'
const SELF = 'Account'

export const getMeContract = contract({
  id: 'getMe',
  method: 'GET',
  path: '/api/me',
  tag: SELF,
  summary: 'Who asks, and what it may do now',
  output: Me,
  status: 200,
  errors: ['forbidden'],
})

export const patchMeContract = contract({
  id: 'patchMe',
  method: 'PATCH',
  path: '/api/me',
  tag: SELF,
  summary: 'Change one’s own name',
  body: PatchMeInput,
  output: Me,
  status: 200,
  errors: ['forbidden', 'conflict'],
})

export const leaveWorkspaceContract = contract({
  id: 'leaveWorkspace',
  method: 'DELETE',
  path: '/api/me',
  tag: SELF,
  summary: 'Leave the workspace',
  description: 'Sessions, personal keys and grants of clients end. 409 for the last owner.',
  status: 204,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const exportMeContract = contract({
  id: 'exportMe',
  method: 'GET',
  path: '/api/me/export',
  tag: SELF,
  summary: 'What is kept of oneself',
  output: PersonExport,
  status: 200,
  errors: ['forbidden', 'conflict'],
})

export const listMembersContract = contract({
  id: 'listMembers',
  method: 'GET',
  path: '/api/members',
  tag: MEMBERS,
  summary: 'List the members, by name',
  query: ListMembersQuery,
  output: MemberPage,
  status: 200,
  errors: ['forbidden'],
})

export const listFormerMembersContract = contract({
  id: 'listFormerMembers',
  method: 'GET',
  path: '/api/former-members',
  tag: MEMBERS,
  summary: 'List who was removed or has left, the latest first',
  description:
    'Erased people are not in it. An invitation of the e-mail brings somebody back, as a new member.',
  query: ListFormerMembersQuery,
  output: FormerMemberPage,
  status: 200,
  errors: ['forbidden'],
})

export const patchMemberContract = contract({
  id: 'patchMember',
  method: 'PATCH',
  path: '/api/members/{id}',
  tag: MEMBERS,
  summary: 'Change role, categories or deactivation of a member',
  description:
    'Its sessions end, so that it signs in with the rights of today. An admin changes members below admin. 409 for the last owner.',
  params: MemberPath,
  body: PatchMemberInput,
  output: Member,
  status: 200,
  errors: [
    'forbidden',
    'not_found',
    'conflict',
    'unprocessable',
    'precondition_failed',
    'precondition_required',
  ],
  etag: true,
  ifMatch: true,
})

export const removeMemberContract = contract({
  id: 'removeMember',
  method: 'DELETE',
  path: '/api/members/{id}',
  tag: MEMBERS,
  summary: 'Remove a member',
  description:
    'Its sessions, personal keys, grants of clients and open streams end within two seconds on every instance. What it made stays, and tells its name.',
  params: MemberPath,
  status: 204,
  errors: ['forbidden', 'not_found', 'conflict', 'precondition_failed', 'precondition_required'],
  ifMatch: true,
})

export const createResetContract = contract({
  id: 'createReset',
  method: 'POST',
  path: '/api/members/{id}/reset',
  tag: MEMBERS,
  summary: 'Make a link that takes a new password of a member',
  description: 'It works once, ends all sessions and leaves the second factor as it is.',
  params: MemberPath,
  output: ResetLink,
  status: 201,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const eraseMemberContract = contract({
  id: 'eraseMember',
  method: 'POST',
  path: '/api/members/{id}/erase',
  tag: MEMBERS,
  summary: 'Erase name and e-mail of a person',
  description:
    'For owners. Its membership ends; what it did stays on record without a name. It works for removed members, too.',
  params: MemberPath,
  status: 204,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const exportMemberContract = contract({
  id: 'exportMember',
  method: 'GET',
  path: '/api/members/{id}/export',
  tag: MEMBERS,
  summary: 'What is kept of a member',
  params: MemberPath,
  output: PersonExport,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const listInvitationsContract = contract({
  id: 'listInvitations',
  method: 'GET',
  path: '/api/invitations',
  tag: MEMBERS,
  summary: 'List the invitations that can still be accepted',
  output: InvitationList,
  status: 200,
  errors: ['forbidden'],
})

export const createInvitationContract = contract({
  id: 'createInvitation',
  method: 'POST',
  path: '/api/invitations',
  tag: MEMBERS,
  summary: 'Invite somebody',
  description:
    'The link is shown once, and sent by mail where that is configured. It is bound to the e-mail and works once. Another invitation of the same e-mail is replaced.',
  body: CreateInvitationInput,
  output: NewInvitation,
  status: 201,
  errors: ['forbidden', 'conflict', 'unprocessable'],
  location: ({ id }) => `/api/invitations/${id}`,
})

export const deleteInvitationContract = contract({
  id: 'deleteInvitation',
  method: 'DELETE',
  path: '/api/invitations/{id}',
  tag: MEMBERS,
  summary: 'Take an invitation back',
  params: InvitationPath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})

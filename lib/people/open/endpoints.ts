import { Accepted, OwnerMade } from '../auth/answers.ts'
import { authEndpoint } from '../auth/endpoint.ts'
import { AcceptInput, AskForResetInput, Invited, LookInput, ResetInput, SetUpInput } from '../schema.ts'
import { acceptInvitation, lookAtInvitation } from './invitation.ts'
import { askForReset, resetPassword } from './reset.ts'
import { setUp } from './set-up.ts'

/** What is open to everybody besides signing in: a link is the proof. */
export const OPEN_ENDPOINTS = [
  authEndpoint('POST /set-up', SetUpInput, setUp, {
    summary: 'Make the owner account, once, by the link of the console or on this machine',
    output: OwnerMade,
    status: 201,
    errors: ['not_found'],
    isAlways: true,
  }),
  authEndpoint('POST /invitation/look', LookInput, lookAtInvitation, {
    summary: 'What an invitation offers',
    output: Invited,
    errors: ['not_found'],
  }),
  authEndpoint('POST /invitation/accept', AcceptInput, acceptInvitation, {
    summary: 'Accept an invitation, once, and sign in',
    output: Accepted,
    status: 201,
    errors: ['not_found'],
  }),
  authEndpoint('POST /reset', ResetInput, resetPassword, {
    summary: 'Set a new password by a link, once; all sessions end',
    errors: ['not_found'],
  }),
  authEndpoint('POST /request-password-reset', AskForResetInput, askForReset, {
    summary: 'Ask for such a link by mail; the answer does not tell whether there is an account',
  }),
]

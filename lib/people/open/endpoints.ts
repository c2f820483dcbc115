import { authEndpoint } from '../auth/endpoint.ts'
import { AcceptInput, AskForResetInput, LookInput, ResetInput, SetUpInput } from '../schema.ts'
import { acceptInvitation, lookAtInvitation } from './invitation.ts'
import { askForReset, resetPassword } from './reset.ts'
import { setUp } from './set-up.ts'

/** What is open to everybody besides signing in: a link is the proof. */
export const OPEN_ENDPOINTS = [
  authEndpoint('POST /set-up', SetUpInput, setUp, { isAlways: true }),
  authEndpoint('POST /invitation/look', LookInput, lookAtInvitation),
  authEndpoint('POST /invitation/accept', AcceptInput, acceptInvitation),
  authEndpoint('POST /reset', ResetInput, resetPassword),
  authEndpoint('POST /request-password-reset', AskForResetInput, askForReset),
]

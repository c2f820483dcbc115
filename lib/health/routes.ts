import { endpoint } from '../contract.ts'
import { readSystemContract, resendMessageContract } from './contract.ts'
import { readSystem } from './operations/read-system.ts'
import { resendMessage } from './operations/resend-message.ts'

/** What REST tells of the installation to those who look after it. */
export const systemRoutes = [
  endpoint(readSystemContract, readSystem, 'settings:write'),
  endpoint(resendMessageContract, resendMessage, 'settings:write'),
]

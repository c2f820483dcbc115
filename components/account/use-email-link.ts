'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { showFailure, showToast } from '#components/ui/toast.ts'
import { send } from '#lib/rest/client.ts'
import { ME } from './queries.ts'

const LINK = /^#verify-email=([\w-]{16,200})$/

/** Follows the link of the mail that confirms a new e-mail address, and takes it out of the address. */
export function useEmailLink(): void {
  const queries = useQueryClient()
  const follow = useEffectEvent(async (token: string) => {
    try {
      await send('POST /api/auth/verify-email', { body: { token } })
      await queries.invalidateQueries({ queryKey: ME })
      showToast({ message: 'Your new e-mail address is confirmed: you sign in with it from now on.' })
    } catch (error) {
      showFailure('The e-mail address was not changed.', error)
    }
  })
  useEffect(() => {
    const token = LINK.exec(window.location.hash)?.[1]
    if (token === undefined) return
    window.history.replaceState(window.history.state, '', window.location.pathname)
    void follow(token)
  }, [])
}

'use client'

import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useEffect, useState } from 'react'
import { type Person, PersonProvider } from '#components/access/person.tsx'
import { UsualConfiguration } from '#components/ai/use-preferred-configuration.tsx'
import { OwnPages } from '#components/browser-state/own-pages.tsx'
import { markOf } from '#components/browser-state/own-storage.ts'
import { ChangesProvider } from '#components/changes/changes-provider.tsx'
import { Proof } from '#components/sign-in/proof.tsx'
import { ToastRegion } from '#components/ui/overlays/toast-region.tsx'
import { fetchParts } from '#components/ui/part.ts'
import { ActionsProvider } from './actions.tsx'

/** The providers of every page: theme, state in the URL, whoever looks, the cache of queries. */
export function AppProviders({
  nonce,
  person,
  children,
}: {
  nonce: string | undefined
  /** Who is signed in. */
  person: Person | undefined
  children: ReactNode
}) {
  useEffect(fetchParts, [])
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      storageKey="incipit-theme"
      {...(nonce === undefined ? {} : { nonce })}
    >
      <NuqsAdapter>
        <OwnPages person={markOf(person)}>
          <PersonProvider person={person}>{children}</PersonProvider>
          <ToastRegion />
        </OwnPages>
      </NuqsAdapter>
    </ThemeProvider>
  )
}

/** What the pages of the workbench have besides: changes by others, actions and their keys, a way to sign in again. */
export function WorkbenchProviders({
  usualConfiguration,
  children,
}: {
  /** `ai.default_configuration` of the server. */
  usualConfiguration: string | undefined
  children: ReactNode
}) {
  return (
    <ChangesProvider>
      <UsualConfiguration name={usualConfiguration}>
        <ActionsProvider>
          {children}
          <Proof />
        </ActionsProvider>
      </UsualConfiguration>
    </ChangesProvider>
  )
}

/**
 * The page's nonce for styles, where React Aria and CodeMirror read it. The policy of the first answer holds
 * as long as the page does, so a later answer's nonce must not take its place.
 */
export function StyleNonce({ nonce }: { nonce: string }) {
  const [first] = useState(nonce)
  return <meta property="csp-nonce" content={first} suppressHydrationWarning />
}

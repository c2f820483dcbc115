import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { WorkbenchProviders } from '#components/shell/app-providers.tsx'
import { OpenShell, Shell } from '#components/shell/shell.tsx'
import { getRuntime } from '#lib/runtime.ts'
import { isNobody, readVisitor, signInHere } from './(workbench)/read.ts'

/**
 * The workbench around a page. A visitor without a session is led to where they get one.
 * @param props.isPublic everybody may read the page
 */
export async function Frame({ isPublic = false, children }: { isPublic?: boolean; children: ReactNode }) {
  const visitor = await readVisitor()
  if (isNobody(visitor) && isPublic) return <OpenShell>{children}</OpenShell>
  if (isNobody(visitor)) redirect(await signInHere())
  const { state, person } = visitor
  return (
    <WorkbenchProviders usualConfiguration={getRuntime().config.ai.default_configuration}>
      <Shell
        hasAccount={person?.isLocal === false}
        open={state === 'local' || state === 'open' ? state : undefined}
      >
        {children}
      </Shell>
    </WorkbenchProviders>
  )
}

/** The points between which a file comes into being; a crash at any of them must lose and double nothing. */
export const COMMIT_STEPS = ['staged', 'verified', 'renamed', 'before-offset-commit'] as const;
export type CommitStep = (typeof COMMIT_STEPS)[number];

/** Called at each step and waited for. Production does nothing there; tests and fault drills do. */
export type CommitStepHook = (step: CommitStep) => void | Promise<void>;

export const noHook: CommitStepHook = () => undefined;

/** For fault drills: the process kills itself the first time it reaches `crashStep`, and does nothing after it. */
export function crashAt(crashStep: CommitStep): CommitStepHook {
  return (step) => {
    if (step !== crashStep) return;
    process.kill(process.pid, 'SIGKILL');
    return new Promise<void>(() => undefined);
  };
}

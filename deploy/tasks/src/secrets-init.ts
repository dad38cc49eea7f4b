import { fillSecrets } from './secrets/fill.js';
import { ClusterSecrets } from './secrets/kubernetes.js';
import { readPlan } from './secrets/plan.js';
import { runTask } from './run-task.js';

await runTask(async () => {
  const plan = await readPlan(process.argv[2] ?? process.env['PLAN_FILE'] ?? '/etc/conclave/plan.json');
  for (const { secret, made, renewed, kept } of await fillSecrets(await ClusterSecrets.fromPod(), plan)) {
    const told = [
      ...(made.length > 0 ? [`made ${made.join(', ')}`] : []),
      ...(renewed.length > 0 ? [`renewed ${renewed.join(', ')}`] : []),
      ...(kept.length > 0 ? [`kept ${kept.length}`] : []),
    ];
    process.stdout.write(`${secret}: ${told.join('; ')}\n`);
  }
});

/** What starts the runs of a pipeline, in words. */
import type { PipelineTrigger } from "../api/types.js";

export function triggerOf({ push, schedule, webhook }: PipelineTrigger): string {
  if (push) {
    return push.branches ? `Push to ${push.branches.join(", ")}` : "Every push";
  }
  return schedule ? scheduleOf(schedule.cron, schedule.timeZone) : webhook ? "Webhook" : "Unknown";
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A schedule that is the same every day or week in words, and any other one as it is written. */
function scheduleOf(cron: string, timeZone: string | undefined): string {
  const [minute = "", hour = "", day, month, weekday = ""] = cron.split(" ");
  const isOneTime = /^\d+$/.test(minute) && /^\d+$/.test(hour) && day === "*" && month === "*";
  const days = weekday === "*" ? "Daily" : /^[0-7]$/.test(weekday) ? `${DAYS[Number(weekday) % 7]}s` : undefined;
  if (!isOneTime || days === undefined) {
    return `Schedule ${cron}`;
  }
  return `${days} at ${hour.padStart(2, "0")}:${minute.padStart(2, "0")}${timeZone ? ` (${timeZone})` : ""}`;
}

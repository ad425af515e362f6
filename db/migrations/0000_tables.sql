CREATE TABLE `agent_log_minutes` (
	`service` text NOT NULL,
	`version` text NOT NULL,
	`assigned` text NOT NULL,
	`minute` integer NOT NULL,
	`counts` text NOT NULL,
	PRIMARY KEY(`service`, `version`, `assigned`, `minute`)
);
--> statement-breakpoint
CREATE INDEX `agent_log_minutes_by_time` ON `agent_log_minutes` (`minute`);--> statement-breakpoint
CREATE TABLE `agent_log_totals` (
	`service` text NOT NULL,
	`version` text NOT NULL,
	`assigned` text NOT NULL,
	`counts` text NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`service`, `version`, `assigned`)
);
--> statement-breakpoint
CREATE TABLE `agent_logs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`received_at` integer NOT NULL,
	`service` text NOT NULL,
	`version` text NOT NULL,
	`item` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `agent_logs_by_time` ON `agent_logs` (`received_at`);--> statement-breakpoint
CREATE TABLE `approvals` (
	`release` integer NOT NULL,
	`step` integer NOT NULL,
	`up_to_step` integer NOT NULL,
	`approved_by` text NOT NULL,
	`at` integer NOT NULL,
	`digest` text NOT NULL,
	`judged` integer NOT NULL,
	PRIMARY KEY(`release`, `step`, `at`)
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`body` text NOT NULL,
	`prev` blob NOT NULL,
	`hash` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `flags` (
	`key` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`percent` integer NOT NULL,
	`allowed` text NOT NULL,
	`archived` integer NOT NULL,
	`requests` integer NOT NULL,
	`request` text,
	`bucketing` integer NOT NULL,
	`generation` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `inbox` (
	`key` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`audit_seq` integer,
	`refusal` text
);
--> statement-breakpoint
CREATE INDEX `inbox_by_time` ON `inbox` (`at`);--> statement-breakpoint
CREATE TABLE `kill_switches` (
	`name` text PRIMARY KEY NOT NULL,
	`is_on` integer NOT NULL,
	`reason` text NOT NULL,
	`changed_by` text NOT NULL,
	`changed_at` integer NOT NULL,
	`generation` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`subject` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`ts` text NOT NULL,
	`posted_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `messages_by_place` ON `messages` (`channel`,`ts`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subject` text,
	`effect` text NOT NULL,
	`lane` text NOT NULL,
	`priority` integer NOT NULL,
	`generation` integer NOT NULL,
	`owed_at` integer NOT NULL,
	`not_before` integer NOT NULL,
	`tries` integer NOT NULL,
	`last_error` text,
	`done_at` integer
);
--> statement-breakpoint
CREATE INDEX `outbox_open` ON `outbox` (`done_at`,`not_before`);--> statement-breakpoint
CREATE INDEX `outbox_subject` ON `outbox` (`subject`,`done_at`);--> statement-breakpoint
CREATE TABLE `releases` (
	`id` integer PRIMARY KEY NOT NULL,
	`service` text NOT NULL,
	`stable` text NOT NULL,
	`candidate` text NOT NULL,
	`strategy` text NOT NULL,
	`phase` text NOT NULL,
	`live` integer NOT NULL,
	`digest` text NOT NULL,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`ended_at` integer,
	`facts` text NOT NULL,
	`state` text NOT NULL,
	`evidence` text
);
--> statement-breakpoint
CREATE INDEX `releases_by_service` ON `releases` (`service`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `releases_one_live` ON `releases` (`service`) WHERE live = 1;--> statement-breakpoint
CREATE INDEX `releases_by_candidate` ON `releases` (`service`,`candidate`);--> statement-breakpoint
CREATE TABLE `services` (
	`name` text PRIMARY KEY NOT NULL,
	`archived` integer NOT NULL,
	`stable` text,
	`former` text NOT NULL,
	`locks` text NOT NULL,
	`applied` text,
	`generation` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `steps` (
	`release` integer NOT NULL,
	`number` integer NOT NULL,
	`weight_percent` integer NOT NULL,
	`dwell_ms` integer NOT NULL,
	`approval` integer NOT NULL,
	PRIMARY KEY(`release`, `number`)
);
--> statement-breakpoint
CREATE TABLE `verdicts` (
	`release` integer NOT NULL,
	`window_end` integer NOT NULL,
	`window_start` integer NOT NULL,
	`step` integer NOT NULL,
	`weight_percent` integer NOT NULL,
	`candidate` text NOT NULL,
	`stable` text NOT NULL,
	`says` text NOT NULL,
	`reason` text NOT NULL,
	`words` text NOT NULL,
	PRIMARY KEY(`release`, `window_end`)
);
--> statement-breakpoint
CREATE INDEX `verdicts_by_time` ON `verdicts` (`window_end`);--> statement-breakpoint
CREATE TABLE `versions` (
	`service` text NOT NULL,
	`version` text NOT NULL,
	`registered_at` integer NOT NULL,
	`registered_by` text NOT NULL,
	`commit` text,
	`digest` text,
	`link` text,
	`components` text NOT NULL,
	PRIMARY KEY(`service`, `version`)
);

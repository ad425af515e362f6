CREATE TABLE `agent_log_parts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`batch` text NOT NULL,
	`received_at` integer NOT NULL,
	`sealed` integer NOT NULL,
	`items` text NOT NULL,
	`roll_ups` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `agent_log_parts_by_batch` ON `agent_log_parts` (`batch`);
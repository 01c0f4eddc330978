// Telegraf's agent with the plugins that the bench measures, and rclone's HDFS backend, which Telegraf's own builds leave
// out. `run <file>` does what `telegraf --config <file>` does; `answer-root` is in root_answer.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/influxdata/telegraf/agent"
	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/telegraf/logger"

	_ "github.com/influxdata/telegraf/plugins/inputs/http_listener_v2"
	_ "github.com/influxdata/telegraf/plugins/inputs/kafka_consumer"
	_ "github.com/influxdata/telegraf/plugins/outputs/elasticsearch"
	_ "github.com/influxdata/telegraf/plugins/outputs/kafka"
	_ "github.com/influxdata/telegraf/plugins/outputs/remotefile"
	_ "github.com/influxdata/telegraf/plugins/parsers/json"
	_ "github.com/influxdata/telegraf/plugins/parsers/value"
	_ "github.com/influxdata/telegraf/plugins/serializers/template"
	_ "github.com/rclone/rclone/backend/hdfs"
)

func main() {
	if err := work(os.Args[1:]); err != nil && !errors.Is(err, context.Canceled) {
		log.Fatalf("E! %v", err)
	}
}

func work(arguments []string) error {
	switch {
	case len(arguments) == 2 && arguments[0] == "run":
		return run(arguments[1])
	case len(arguments) == 3 && arguments[0] == "answer-root":
		return answerRoot(arguments[1], arguments[2])
	default:
		return fmt.Errorf("usage: telegraf run <file> | answer-root <address> <elasticsearch>")
	}
}

func run(file string) error {
	settings := config.NewConfig()
	if err := settings.LoadAll(file); err != nil {
		return err
	}
	if err := logger.SetupLogging(&logger.Config{Quiet: settings.Agent.Quiet, LogTarget: settings.Agent.LogTarget}); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return agent.NewAgent(settings).Run(ctx)
}

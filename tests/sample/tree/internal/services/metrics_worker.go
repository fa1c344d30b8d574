package services

// metricsWorker feeds the stage and empties it on demand.
type metricsWorker struct {
	stage *Staging
}

func newMetricsWorker(stage *Staging) *metricsWorker { return &metricsWorker{stage: stage} }

func (w *metricsWorker) submit(e Event) { w.stage.Record(e) }

func (w *metricsWorker) drain() { w.stage.Flush() }

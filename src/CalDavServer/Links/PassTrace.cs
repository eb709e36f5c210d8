using System.Diagnostics;
using CalDavServer.Metrics;
using CalDavServer.Options;

namespace CalDavServer.Links;

/// <summary>The span of a pass: with which service, what it came to, and numbers; nothing of whose or of what.</summary>
internal sealed class PassTrace : IDisposable
{
    private readonly Activity? _span = ServerTraces.Source.StartActivity("link.pass");

    public PassTrace(string provider) => _span?.SetTag("calendarsync.link.provider", provider);

    /// <summary>The pass has ended.</summary>
    /// <param name="end">How.</param>
    public void End(PassEnd end)
    {
        if (_span is null) return;
        _span.SetTag("calendarsync.link.result", end.Result.ToString());
        _span.SetTag("calendarsync.link.held", end.IsHeld);
        if (end.Fault is { } why) _span.SetTag("error.type", why.ToString()).SetStatus(ActivityStatusCode.Error);
        if (end.Counts is not { } counts) return;
        _span.SetTag("calendarsync.link.written", counts.Out);
        _span.SetTag("calendarsync.link.taken", counts.In);
        _span.SetTag("calendarsync.link.removed.outside", counts.RemovedOut);
        _span.SetTag("calendarsync.link.removed.practice", counts.DeletionsIn);
        _span.SetTag("calendarsync.link.conflicts", counts.Conflicts);
    }

    public void Dispose() => _span?.Dispose();
}

using Sandbox.State;

namespace Sandbox.Faults;

/// <summary>What strikes one call: the same for every vendor, but for the error bodies.</summary>
public sealed class Struck(IReadOnlyList<Fault> faults)
{
    public Fault? this[string kind] => faults.FirstOrDefault(x => x.Kind == kind);

    public bool Has(string kind) => this[kind] is not null;

    public int Amount(string kind) => this[kind]?.Amount ?? 0;

    /// <summary>Waits, or ends the connection before anything is done; true when the call has ended.</summary>
    public async Task<bool> BeforeAsync(HttpContext http)
    {
        if (this[FaultKinds.Latency] is { } slow) await Task.Delay(slow.Milliseconds, http.RequestAborted);
        if (!Has(FaultKinds.ResetBefore)) return false;
        http.Abort();
        return true;
    }

    /// <summary>Ends the connection after everything is done, so that only the answer is lost.</summary>
    public bool After(HttpContext http)
    {
        if (!Has(FaultKinds.ResetAfter)) return false;
        http.Abort();
        return true;
    }
}

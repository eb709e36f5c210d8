using Sandbox.State;

namespace Sandbox.Faults;

/// <summary>The script says which call of which method goes wrong, and how; it is kept, so that a restart does not lose it.</summary>
public sealed class FaultScript(Store store)
{
    /// <summary>The faults that strike this call. Each is used up by so many calls as it says.</summary>
    public IReadOnlyList<Fault> Take(string method, string? account, string? id = null) => store.Locked(() =>
    {
        var struck = new List<Fault>();
        foreach (var fault in store.Faults.FindAll().Where(x => Fits(x, method, account, id)).ToList())
        {
            if (fault.Skip > 0) fault.Skip--;
            else
            {
                struck.Add(fault);
                fault.Times--;
            }
            _ = fault.Times > 0 ? store.Faults.Update(fault) : store.Faults.Delete(fault.Id);
        }
        return struck;
    });

    private static bool Fits(Fault fault, string method, string? account, string? id) =>
        (fault.Method == method || (fault.Method == "*" && !method.StartsWith("push.", StringComparison.Ordinal)))
        && (fault.Account is null || fault.Account == account)
        && (fault.Event is null || id?.EndsWith(fault.Event, StringComparison.Ordinal) == true);
}

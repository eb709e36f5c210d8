using CalDavServer.Options;
using Calendaring.Store;

namespace CalDavServer.Storage;

/// <summary>Changes to the store that an operator asks for.</summary>
internal static class StoreChange
{
    /// <summary>Applies operations together.</summary>
    /// <exception cref="CommandFailure">They could not be applied.</exception>
    public static async Task ApplyAsync(ICalendarStore store, params StoreOperation[] operations) =>
        Check(await store.ApplyAsync(StoreBatch.Of(operations)));

    /// <summary>Ends the command when a batch failed.</summary>
    public static void Check(BatchOutcome outcome)
    {
        if (outcome.Failure is { } failure) throw new CommandFailure(new StoreException(failure).Message);
    }
}

using CalDavServer.Http;
using CalDavServer.Options;
using Calendaring.Store;

namespace CalDavServer.Storage.Backups;

/// <summary>What a disk may have against a command, in words.</summary>
internal static class DiskFailures
{
    /// <exception cref="CommandFailure">A file cannot be read or written.</exception>
    public static async Task InSentencesAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreException failure) when (failure.Kind == StoreFailureKind.NoSpace)
        {
            throw new CommandFailure("There is no space left on the disk: nothing was made.");
        }
        catch (StoreException failure) when (failure.Code is not null)
        {
            throw new CommandFailure($"{failure.Message} Nothing was made.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{Sentence.Of(failure)} Nothing was made.");
        }
    }
}
